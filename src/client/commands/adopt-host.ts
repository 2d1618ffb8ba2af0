// `clincher adopt <name>`: a host that somebody set up by hand is looked at, and a clincher.yaml written that says it as it is.
import { writeFileSync } from 'node:fs';
import { serverName } from '../../config/fields.js';
import { type Config, parseConfig } from '../../config/load.js';
import type { Plain } from '../../config/merge.js';
import { type Taken, withoutRefused } from '../../config/refused.js';
import { starterYaml } from '../../config/starter.js';
import { ClincherError } from '../../errors.js';
import type { Discovered, Found } from '../../model.js';
import { ensureInternal } from '../../secrets/internal.js';
import type { Deps } from '../deps.js';
import { Draft } from '../init-draft.js';
import { pinHostKeys } from '../init-host-key.js';
import { askAdmin, askKey, askReach, keyFrom, useKey } from '../init-wizard.js';
import type { Io } from '../io.js';
import { look, lookFailed } from '../look.js';
import { newConfigPath, vaultFor } from '../new-config.js';
import type { GlobalOptions } from '../options.js';
import { blobOf } from '../own-keys.js';
import { type Adopted, adoptedView } from '../view/adopted.js';
import { document, print } from '../view/json.js';
import { type InitWorld, WORLD } from './init.js';

export interface AdoptHostOptions extends GlobalOptions {
  name: string;
  set?: string[];
  key?: string;
  hostKey?: string[];
  acceptHostKey?: boolean;
}

export async function adoptHost(
  io: Io,
  options: AdoptHostOptions,
  deps: Deps,
  world: InitWorld = WORLD,
): Promise<number> {
  const path = newConfigPath(io, options.config, `adopt ${options.name}`);
  const complaint = serverName(options.name);
  if (complaint !== undefined) throw new ClincherError('USAGE', `The name of the server: ${complaint}.`);
  const draft = new Draft(options.name, options.set);
  await reach(io, options, deps, draft, world);
  const { found, left = [], unknown } = await discovered(io, deps, draft, path);
  const taken = take(draft, found);
  if (io.canPrompt) await askAdmin(io, deps.ask, draft, world);

  // Everything is checked before anything is written.
  const parsed = (): Config => parseConfig(textOf(draft.values), path, io);
  const fitted = withoutRefused(draft.values, taken, parsed);
  if (fitted.missing.length > 0) throw stillNeeded(options, fitted.missing);
  const config = parsed();
  const { created } = await ensureInternal(draft.server, await vaultFor(draft.values, config));
  writeFileSync(path, textOf(draft.values, fitted.taken), { flag: 'wx' });
  const settings = fitted.taken.map(({ name, place }) => ({ key: name, from: place }));
  const { vault, identity } = config.secrets;
  tell(io, options, {
    path,
    server: draft.server,
    settings,
    left: [...fitted.left, ...left],
    unknown,
    vault,
    identity,
    made: created,
  });
  return 0;
}

/** What is needed to log in: where it is, as whom, with which key, and which host key is the right one. */
async function reach(
  io: Io,
  options: AdoptHostOptions,
  { ask }: Deps,
  draft: Draft,
  world: InitWorld,
): Promise<void> {
  if (options.key !== undefined) useKey(draft, keyFrom(options.key, io), io.env);
  if (io.canPrompt) {
    await askReach(io, ask, draft);
    await askKey(io, ask, draft, world);
  }
  if (!draft.has('address') || !draft.has('ssh.authorized_keys'))
    throw new ClincherError('USAGE', 'Nobody is there to ask: how is the host reached, and with which key?', {
      remedy: [
        `clincher adopt ${draft.server} --set address=203.0.113.9 --set ssh.first_contact.user=admin --key ~/.ssh/id_ed25519.pub`,
      ],
    });
  await pinHostKeys(io, ask, draft, options, world.scanHostKeys);
}

/** Of nobody: who may come in is looked up on the host. */
const NOBODY = '192.0.2.1';

async function discovered(io: Io, deps: Deps, draft: Draft, path: string): Promise<Discovered> {
  const known = structuredClone(draft.values);
  const probe = new Draft(draft.server);
  Object.assign(probe.values, known);
  if (!probe.has('ssh.admin_addresses')) probe.set('ssh.admin_addresses', NOBODY);
  const config = parseConfig(textOf(probe.values), path, io);
  const { control } = await deps.openSession(io, { config });
  try {
    const server = config.servers[draft.server]!;
    const state = await look(io, deps, control, server, { name: 'discover', options: {} });
    if (state.discovered === undefined) throw lookFailed(state, `${draft.server} was not looked at.`);
    return state.discovered;
  } finally {
    await control.close();
  }
}

/** What `--set` says holds; the key that we come with stays, whatever the host has. */
function take(draft: Draft, found: readonly Found[]): Taken[] {
  const own = draft.get('ssh.authorized_keys') as string[];
  return found.flatMap(({ key, value, from }): Taken[] => {
    const name = key.join('.');
    const isKeys = name === 'ssh.authorized_keys';
    if (draft.has(name) && !isKeys) return [];
    draft.put(key, isKeys ? together(value as string[], own) : value);
    const comments = [`As ${draft.server} has it (${from}).`];
    return [{ path: ['servers', draft.server, ...key], name, place: from, comments }];
  });
}

const together = (theirs: readonly string[], ours: readonly string[]): string[] => [
  ...theirs,
  ...ours.filter((line) => !theirs.some((other) => blobOf(other) === blobOf(line))),
];

const textOf = (values: Plain, taken: readonly Taken[] = []): string =>
  starterYaml(values, {
    keys: new Map(taken.map(({ path, comments }) => [path.join('.'), comments])),
    by: 'clincher adopt',
  });

function stillNeeded(
  { name }: AdoptHostOptions,
  missing: readonly { path: string; sentence: string }[],
): ClincherError {
  return new ClincherError('USAGE', 'What the host says is not enough yet; nothing was written.', {
    evidence: missing.map(({ path, sentence }) => `${path}: ${sentence}`),
    remedy: [`clincher adopt ${name} … --set ssh.admin_addresses=198.51.100.7`],
  });
}

function tell(io: Io, { output }: AdoptHostOptions, told: Adopted): void {
  io.out(output === 'text' ? adoptedView(told) : print(document('adopt-host', told)));
}
