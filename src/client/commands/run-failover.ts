// Failover and failback move a server's name: in clincher.yaml it and its standby exchange what is of one machine.
import { type Config, resolveServer, serverNames } from '../../config/load.js';
import { ClincherError } from '../../errors.js';
import type { Server } from '../../model.js';
import type { Runbook } from '../../workflows/catalog.js';
import type { StartInput } from '../control.js';
import type { Edit } from '../wanted.js';

const isMove = ({ name }: Runbook): boolean => name === 'failover' || name === 'failback';

export const standbyOf = (config: Config, name: string): Server | undefined =>
  serverNames(config)
    .map((each) => resolveServer(config, each))
    .find(({ standby_for }) => standby_for === name);

/** Known before anything is written or contacted. */
export function checkFailover(config: Config, book: Runbook, servers: readonly Server[]): void {
  if (book.needsStandIn || book.name === 'stage-standby') for (const server of servers) mustStandBy(server);
  if (!isMove(book)) return;
  if (servers.length !== 1)
    throw new ClincherError('USAGE', `${book.name} is of one server.`, {
      remedy: [`clincher run ${book.name} -s <server>`],
    });
  for (const server of servers) {
    mustBePrimary(book, server);
    mustHaveStandby(config, book, server.name);
  }
}

function mustStandBy({ name, standby_for }: Server): void {
  if (standby_for !== undefined) return;
  throw new ClincherError('USAGE', `${name} is nobody’s standby.`, {
    remedy: ['in clincher.yaml: `role: standby` and `standby_for: <primary>` at a server of its own'],
  });
}

function mustBePrimary({ name: runbook }: Runbook, { name, standby_for }: Server): void {
  if (standby_for === undefined) return;
  throw new ClincherError('USAGE', `${name} is a standby: it is the place of ${standby_for} that it takes.`, {
    remedy: [`clincher run ${runbook} -s ${standby_for}`],
  });
}

function mustHaveStandby(config: Config, { name: runbook }: Runbook, name: string): void {
  if (standbyOf(config, name) !== undefined) return;
  throw new ClincherError('USAGE', `${name} has no standby that could take its place.`, {
    remedy: [
      `in clincher.yaml, another server with \`role: standby\` and \`standby_for: ${name}\``,
      'clincher run stage-standby -s <standby>',
      `then: clincher run ${runbook} -s ${name}`,
    ],
  });
}

/** What a host shows and where it is. */
const placeOf = ({ name }: Server, { address, ssh }: Server): Edit[] => [
  [['servers', name, 'address'], address],
  [['servers', name, 'ssh', 'host_keys'], ssh.host_keys],
];

export function moveWishes(
  config: Config,
  book: Runbook,
  servers: readonly Server[],
): Map<string, Edit[]> | undefined {
  if (!isMove(book)) return undefined;
  return new Map(
    servers.map((server) => {
      const standby = standbyOf(config, server.name)!;
      return [server.name, [...placeOf(server, standby), ...placeOf(standby, server)]];
    }),
  );
}

const MOST_WITNESSES = 4;

/** The server as it was, and who looks at it: its standby, monitors, then whoever else there is. */
export function moveInput(config: Config, book: Runbook, name: string): Partial<StartInput> {
  if (!isMove(book)) return {};
  const standby = standbyOf(config, name);
  const others = serverNames(config)
    .filter((each) => each !== name && each !== standby?.name)
    .map((each) => resolveServer(config, each))
    .sort((a, b) => Number(b.role === 'monitor') - Number(a.role === 'monitor'));
  const vantages = [...(standby ? [standby] : []), ...others].slice(0, MOST_WITNESSES);
  return { old: resolveServer(config, name), vantages };
}
