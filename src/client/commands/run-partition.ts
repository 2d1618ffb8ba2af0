// `--add` and `--remove` of a partition: what clincher.yaml says of it from then on, and what its run is told.
import { partitionName } from '../../config/fields-stack.js';
import { type Config, resolveServer } from '../../config/load.js';
import { nearest } from '../../config/nearest.js';
import { overlap, parseNetwork } from '../../config/network.js';
import { ClincherError } from '../../errors.js';
import type { PartitionState, RunState, Server } from '../../model.js';
import { addressIn } from '../../stack/openclaw-gateway.js';
import { partitionNames } from '../../stack/partitions.js';
import { type Runbook, runsServices } from '../../workflows/catalog.js';
import type { StartInput } from '../control.js';
import { type Edit, plainIn } from '../wanted.js';

export interface PartitionOptions {
  add?: string | undefined;
  remove?: string | undefined;
  only?: string | undefined;
  from?: string | undefined;
}

const isPartition = ({ name }: Runbook): boolean => name === 'partition';

const wishOf = ({ add, remove }: PartitionOptions): { name: string; act: PartitionState['act'] } =>
  add === undefined ? { name: remove ?? '', act: 'remove' } : { name: add, act: 'add' };

/** Known before anything is written or contacted. */
export function checkPartition(book: Runbook, options: PartitionOptions, servers: readonly Server[]): void {
  const told = [options.add, options.remove].filter((each) => each !== undefined);
  if (!isPartition(book)) {
    mustNotName(book, told);
    return;
  }
  const usage = `clincher run partition --add <name> -s ${servers[0]?.name ?? '<server>'}`;
  if (told.length !== 1)
    throw new ClincherError('USAGE', 'partition is told one thing: --add <name> or --remove <name>.', {
      remedy: [usage, usage.replace('--add', '--remove')],
    });
  if (options.only !== undefined || options.from !== undefined)
    throw new ClincherError('USAGE', 'A partition is one whole: it takes neither --only nor --from.');
  if (servers.length !== 1)
    throw new ClincherError('USAGE', 'A partition is of one server.', { remedy: [usage] });
  for (const server of servers) checkOne(server, options);
}

function mustNotName({ name }: Runbook, told: readonly string[]): void {
  if (told.length === 0) return;
  throw new ClincherError('USAGE', `--add and --remove are of partition; ${name} takes neither.`, {
    remedy: [`clincher run partition --add ${told[0]?.slice(0, 16)}`],
  });
}

function checkOne(server: Server, options: PartitionOptions): void {
  const { name, act } = wishOf(options);
  const complaint = partitionName(name);
  if (complaint !== undefined) throw new ClincherError('USAGE', `"${name.slice(0, 40)}": ${complaint}.`);
  if (!runsServices(server))
    throw new ClincherError('USAGE', `${server.name} runs no gateway, so there is nothing to be a part of.`);
  const names = partitionNames(server);
  if (act === 'add' || names.includes(name)) return;
  const guess = nearest(name, names);
  throw new ClincherError('UNKNOWN_PARTITION', `${server.name} has no partition ${name}.`, {
    remedy: [
      guess === undefined
        ? `there ${names.length === 0 ? 'is none' : `are ${names.join(', ')}`}`
        : `clincher run partition --remove ${guess} -s ${server.name}`,
    ],
  });
}

/** By server; undefined: the file is as it is to be. */
export function partitionWishes(
  book: Runbook,
  options: PartitionOptions,
  servers: readonly Server[],
): Map<string, Edit[]> | undefined {
  if (!isPartition(book)) return undefined;
  const { name, act } = wishOf(options);
  return new Map(
    servers.flatMap((server): [string, Edit[]][] => {
      const place = placeOf(server.name, name);
      if (act === 'remove') return [[server.name, [[place, undefined]]]];
      if (partitionNames(server).includes(name)) return [];
      return [[server.name, [[[...place, 'proxy_subnet'], freeSubnet(server)]]]];
    }),
  );
}

/** Networks of sixteen addresses after the server's own, the first that no gateway of it has. */
function freeSubnet({ stack, partitions = {}, address }: Server): string {
  const taken = [stack.proxy_subnet, address, ...Object.values(partitions).map((each) => each.proxy_subnet)];
  const networks = taken.flatMap((text) => parseNetwork(text) ?? []);
  for (let at = 0; at < 256; at += 16) {
    const found = `${addressIn(stack.proxy_subnet.replace(/\.\d+\/\d+$/, '.0/24'), at)}/28`;
    if (!networks.some((network) => overlap(network, parseNetwork(found)!))) return found;
  }
  throw new ClincherError('USAGE', 'No network is free beside stack.proxy_subnet.', {
    remedy: ['write `partitions.<name>.proxy_subnet` into clincher.yaml yourself, then the same again'],
  });
}

/** `before`: as the file was, `text`. Of one that is to be removed the run still has to know, and so has whoever sees it fail. */
export function partitionInput(
  before: Config,
  text: string,
  book: Runbook,
  options: PartitionOptions,
  name: string,
): Partial<StartInput> {
  if (!isPartition(book)) return {};
  const server = resolveServer(before, name);
  const { name: partition, act } = wishOf(options);
  if (act === 'add') return { partition, act, isNew: !partitionNames(server).includes(partition) };
  const written = plainIn(text, placeOf(name, partition)) as PartitionState['written'];
  return { partition, act, server, ...(written === undefined ? {} : { written }) };
}

const placeOf = (server: string, partition: string): string[] => ['servers', server, 'partitions', partition];

/** What makes the file say again what it said before: of a run that is over, and was not kept. */
export function partitionUndone({ server, partition }: RunState): Edit[] {
  if (partition === undefined || !isUndone(partition)) return [];
  const place = placeOf(server, partition.name);
  if (partition.act === 'remove') return partition.written ? [[place, partition.written]] : [];
  return partition.isNew ? [[place, undefined]] : [];
}

/** What was added and could not be taken away again is there, and stays in the file: `--remove` has to find it. */
export const isUndone = ({ act, outcome }: PartitionState): boolean =>
  outcome === 'begun' || outcome === 'undone' || (act === 'remove' && outcome !== 'done');

/** What its plan is to show: of the others nothing changes, unless all share what the host has. */
export function plannedPartition(
  book: Runbook,
  options: PartitionOptions,
  [server]: readonly Server[],
): { book: Runbook; partition?: string | undefined } {
  if (!isPartition(book) || server?.stack.tier === 'auto') return { book };
  const { name, act } = wishOf(options);
  return act === 'remove' ? { book: { ...book, checklists: ['backup'] } } : { book, partition: name };
}
