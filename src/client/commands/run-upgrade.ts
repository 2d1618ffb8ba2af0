// `--to` of an upgrade: clincher.yaml says what is wanted, so the new version is written there first, and taken out again where it was not kept.
import { readFile } from 'node:fs/promises';
import { valueIn, withValue } from '../../config/edit.js';
import { type Config, parseConfig, resolveServer, shownFile } from '../../config/load.js';
import { ClincherError } from '../../errors.js';
import type { ImageName, RunState, Server } from '../../model.js';
import { writeAtomically } from '../../secrets/atomic-file.js';
import { withFileLock } from '../../secrets/file-lock.js';
import { swappable } from '../../stack/swap.js';
import type { Runbook } from '../../workflows/catalog.js';
import type { Io } from '../io.js';

export interface UpgradeOptions {
  image?: string;
  to?: string;
  only?: string | undefined;
  from?: string | undefined;
}

export function checkUpgrade({ name }: Runbook, options: UpgradeOptions, servers: readonly Server[]): void {
  if (name !== 'upgrade') mustNotName(name, options);
  if (name !== 'upgrade') return;
  if (options.only !== undefined || options.from !== undefined)
    throw new ClincherError('USAGE', 'An upgrade is one whole: it takes neither --only nor --from.');
  for (const server of servers) imageOf(server, options);
  if (options.to === undefined || /^[A-Za-z0-9_][\w.-]{0,127}(@sha256:[0-9a-f]{64})?$/.test(options.to))
    return;
  throw new ClincherError('USAGE', `"${options.to.slice(0, 40)}" is no tag of an image.`, {
    remedy: ['clincher run upgrade -s <server> --to 2026.9.6'],
  });
}

function mustNotName(name: string, { image, to }: UpgradeOptions): void {
  if (image === undefined && to === undefined) return;
  throw new ClincherError('USAGE', `--image and --to are of upgrade; ${name} takes neither.`);
}

function imageOf(server: Server, { image = 'openclaw' }: UpgradeOptions): ImageName {
  const names = swappable(server);
  const found = names.find((each) => each === image);
  if (found) return found;
  throw new ClincherError('USAGE', `${server.name} runs no image "${image}"; there are ${names.join(', ')}.`);
}

export interface Wanted {
  config: Config;
  servers: Server[];
  /** What was written is taken out again for this server; where somebody has written something else since, that stays. */
  undo(server: string): Promise<void>;
}

/** All servers in one writing: the file is never seen with half of them. */
export async function wantVersion(
  io: Io,
  config: Config,
  servers: readonly Server[],
  options: UpgradeOptions & { to: string },
): Promise<Wanted> {
  const { to } = options;
  const places = new Map(servers.map((server) => [server.name, placeOf(server, options)]));
  const before = await readFile(config.path, 'utf8');
  const after = [...places.values()].reduce((text, path) => withValue(text, path, to), before);
  // A version that the configuration refuses is never written.
  const read = parseConfig(after, config.path, io);
  if (after !== before) await replace(config.path, before, after);
  for (const path of after === before ? [] : places.values())
    io.err(`${said(io, config, path)} is ${to} now\n`);
  return {
    config: read,
    servers: servers.map(({ name }) => resolveServer(read, name)),
    undo: (name) => taken(io, config, places.get(name)!, before, to),
  };
}

const placeOf = (server: Server, options: UpgradeOptions): string[] => [
  ...['servers', server.name, 'stack', 'images', imageOf(server, options), 'version'],
];

const said = (io: Io, { path: file }: Config, path: readonly string[]): string =>
  `${shownFile(file, io.cwd)}: ${path.join('.')}`;

async function replace(file: string, before: string, after: string): Promise<void> {
  await withFileLock(file, async () => {
    if ((await readFile(file, 'utf8')) !== before)
      throw new ClincherError('CONFIG_INVALID', `${file} was changed by somebody else at this moment.`, {
        remedy: ['the same again'],
      });
    await writeAtomically(file, after);
  });
}

async function taken(io: Io, config: Config, path: string[], before: string, to: string): Promise<void> {
  const was = valueIn(before, path);
  const now = await readFile(config.path, 'utf8');
  if (was === to || valueIn(now, path) !== to) return;
  await replace(config.path, now, withValue(now, path, typeof was === 'string' ? was : undefined));
  io.err(`${said(io, config, path)} is ${typeof was === 'string' ? was : 'not set'} again\n`);
}

/** The run is over, and what runs is not what was written. */
export const wasNotKept = ({ status, upgrade }: RunState): boolean =>
  (status === 'failed' || status === 'aborted') &&
  (upgrade === undefined || ['begun', 'rolled-back'].includes(upgrade.outcome));
