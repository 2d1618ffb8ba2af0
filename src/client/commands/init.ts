// `clincher init`: a first clincher.yaml with the host key pinned, the vault, and the generated secrets.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { serverName } from '../../config/fields.js';
import { FILE_NAME } from '../../config/find.js';
import { type Config, parseConfig } from '../../config/load.js';
import { starterYaml } from '../../config/starter.js';
import { ClincherError } from '../../errors.js';
import { ensureInternal } from '../../secrets/internal.js';
import type { Ask, Deps } from '../deps.js';
import { type HostKey, scanHostKeys } from '../host-key.js';
import { Draft } from '../init-draft.js';
import { pinHostKeys } from '../init-host-key.js';
import {
  askAdmin,
  askKey,
  askReach,
  askServerName,
  askTelegram,
  keyFrom,
  type Surroundings,
  useKey,
} from '../init-wizard.js';
import type { Io } from '../io.js';
import { newConfigPath, vaultFor } from '../new-config.js';
import type { GlobalOptions } from '../options.js';
import { ownAddress } from '../own-address.js';
import { ownKeys } from '../own-keys.js';
import { document, print } from '../view/json.js';

export interface InitOptions extends Pick<GlobalOptions, 'config' | 'output'> {
  /** Of the server. */
  name?: string;
  /** `key=value`, any number. */
  set?: string[];
  /** A public key file; `--set ssh.authorized_keys=…` takes the line itself. */
  key?: string;
  hostKey?: string[];
  /** Pins whatever key the server shows, unseen by anybody. */
  acceptHostKey?: boolean;
}

export interface InitWorld extends Surroundings {
  scanHostKeys(address: string, port: number): Promise<HostKey[]>;
}

export const WORLD: InitWorld = { scanHostKeys, ownKeys, ownAddress };

export async function init(
  io: Io,
  options: InitOptions,
  deps: Pick<Deps, 'ask'>,
  world: InitWorld = WORLD,
): Promise<number> {
  const path = newConfigPath(io, options.config, 'init');
  const name = options.name ?? (await nameFrom(io, deps.ask));
  const complaint = serverName(name);
  if (complaint !== undefined) throw new ClincherError('USAGE', `The name of the server: ${complaint}.`);
  const draft = new Draft(name, options.set);
  if (options.key !== undefined) useKey(draft, keyFrom(options.key, io), io.env);
  if (io.canPrompt) await wizard(io, deps.ask, draft, options, world);
  else await unattended(io, deps.ask, draft, options, world);
  // Everything is checked before anything is written.
  const config = parseConfig(textOf(draft), path, io);
  const { created } = await ensureInternal(draft.server, await vaultFor(draft.values, config));
  writeFileSync(path, textOf(draft), { flag: 'wx' });
  tell(io, options, { path, draft, config, generated: created });
  return 0;
}

const nameFrom = (io: Io, ask: Ask): Promise<string> | string =>
  io.canPrompt ? askServerName(io, ask) : 'prod';

const textOf = (draft: Draft): string => starterYaml(draft.values, { items: draft.remarks });

async function wizard(io: Io, ask: Ask, draft: Draft, options: InitOptions, world: InitWorld): Promise<void> {
  await askReach(io, ask, draft);
  await askKey(io, ask, draft, world);
  await pinHostKeys(io, ask, draft, options, world.scanHostKeys);
  await askAdmin(io, ask, draft, world);
  await askTelegram(io, ask, draft);
}

const NEEDED: readonly [key: string, example: string][] = [
  ['address', '--set address=203.0.113.7'],
  ['ssh.authorized_keys', '--key ~/.ssh/id_ed25519.pub'],
  ['ssh.admin_addresses', '--set ssh.admin_addresses=198.51.100.7'],
];

async function unattended(
  io: Io,
  ask: Ask,
  draft: Draft,
  options: InitOptions,
  world: InitWorld,
): Promise<void> {
  const isOptional = (key: string): boolean =>
    key === 'ssh.admin_addresses' && draft.get('tailscale.ssh_only') === true;
  const missing = NEEDED.filter(([key]) => !draft.has(key) && !isOptional(key));
  if (missing.length > 0)
    throw new ClincherError(
      'USAGE',
      `Nobody is there to ask; still needed: ${missing.map(([key]) => key).join(', ')}.`,
      {
        remedy: [`clincher init ${draft.server} ${missing.map(([, example]) => example).join(' ')}`],
      },
    );
  // What is wrong with the rest is said before the server is asked for its key.
  parseConfig(textOf(draft), resolve(io.cwd, FILE_NAME), io);
  await pinHostKeys(io, ask, draft, options, world.scanHostKeys);
}

function tell(
  io: Io,
  { output }: InitOptions,
  { path, draft, config, generated }: { path: string; draft: Draft; config: Config; generated: string[] },
): void {
  const { vault, identity } = config.secrets;
  const { server } = draft;
  if (output !== 'text')
    return void io.out(
      print(
        document('init', {
          path,
          server,
          host_keys: draft.get('ssh.host_keys') ?? [],
          vault,
          identity,
          generated,
        }),
      ),
    );
  const lines = [
    `Wrote ${path}`,
    `  ${vault}: the vault, with ${generated.length} generated secrets of ${server}`,
    `  ${identity}: the key to it, yours alone. Keep a copy where you keep passwords`,
    ...(draft.has('ssh.host_keys')
      ? []
      : ['  no host key is pinned yet: put it into ssh.host_keys before the first run']),
    `Next: clincher doctor -s ${server}    clincher plan provision -s ${server}`,
  ];
  io.out(`${lines.join('\n')}\n`);
}
