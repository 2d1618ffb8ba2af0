// `clincher import ansible <folder>`: inventory, variables and vault of the Ansible peer become a clincher.yaml and a vault.
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { needsPassword, type Open } from '../../ansible/variables.js';
import { openVault } from '../../ansible/vault.js';
import { assign } from '../../config/assign.js';
import { type Config, parseConfig } from '../../config/load.js';
import { isPlain, type Plain } from '../../config/merge.js';
import type { Problem } from '../../config/problem.js';
import { type Taken, withoutRefused } from '../../config/refused.js';
import { starterYaml } from '../../config/starter.js';
import { ClincherError } from '../../errors.js';
import type { Left } from '../../model.js';
import { type AnsibleFiles, ansibleFiles } from '../ansible-files.js';
import { drawUp } from '../ansible-servers.js';
import type { Deps } from '../deps.js';
import { storeSecrets } from '../imported-secrets.js';
import { keyFrom } from '../init-wizard.js';
import type { Io } from '../io.js';
import { knownHostKeys } from '../known-hosts.js';
import { newConfigPath, vaultFor } from '../new-config.js';
import type { GlobalOptions } from '../options.js';
import { secretInput } from '../secret-input.js';
import { type Imported, importView } from '../view/import.js';
import { document, print } from '../view/json.js';

export interface ImportAnsibleOptions extends Pick<GlobalOptions, 'config' | 'output'> {
  folder: string;
  inventory?: string;
  /** Of the password of ansible-vault; `-` is stdin. */
  secretFile?: string;
  /** A public key file that may log in. */
  key?: string;
  set?: string[];
}

export async function importAnsible(
  io: Io,
  options: ImportAnsibleOptions,
  { ask }: Pick<Deps, 'ask'>,
): Promise<number> {
  const path = newConfigPath(io, options.config, `import ansible ${options.folder}`);
  const inventory = options.inventory === undefined ? undefined : resolve(io.cwd, options.inventory);
  const files = ansibleFiles(resolve(io.cwd, options.folder), inventory);
  const drawn = drawUp(files, await opener(io, ask, files, options));
  const servers = Object.fromEntries(drawn.map(({ server, values }) => [server, values]));
  const values: Plain = { version: 1, servers };
  for (const { server, values: own } of drawn) await complete(io, options, values, server, own);

  // Everything is checked before anything is written.
  const all = drawn.flatMap(({ taken }) => taken);
  const parsed = (): Config => parseConfig(textOf(values, all), path, io);
  const { taken, left, missing } = withoutRefused(values, all, parsed);
  if (missing.length > 0) throw stillNeeded(options, missing, left);
  const config = parsed();
  const secrets = await storeSecrets(drawn, await vaultFor(values, config));
  writeFileSync(path, textOf(values, taken), { flag: 'wx' });
  tell(io, options, config, {
    path,
    servers: Object.keys(servers),
    settings: taken.length,
    left: [...drawn.flatMap((one) => one.left), ...left],
    vault: config.secrets.vault,
    ...secrets,
  });
  return 0;
}

async function opener(
  io: Io,
  ask: Deps['ask'],
  { inventory, beside }: AnsibleFiles,
  { secretFile, folder }: ImportAnsibleOptions,
): Promise<Open> {
  if (![inventory, ...[...beside.values()].flat()].some(needsPassword)) return (text) => text;
  const password = await secretInput(io, ask, {
    secretFile,
    question: 'Password of ansible-vault',
    instead: `clincher import ansible ${folder}`,
  });
  return (text) => openVault(text, password);
}

/** What stands beside Ansible’s files and not in them: what `--set` says, who may log in, which host key is right. */
async function complete(
  io: Io,
  options: ImportAnsibleOptions,
  values: Plain,
  server: string,
  own: Plain,
): Promise<void> {
  for (const assignment of options.set ?? []) assign(values, server, assignment);
  const home = io.env['HOME'] || homedir();
  const ssh: Plain = isPlain(own['ssh']) ? own['ssh'] : {};
  own['ssh'] = ssh;
  const key = options.key ?? besideIdentity(ssh['identity_file'], home);
  if (key !== undefined) ssh['authorized_keys'] ??= [keyFrom(key, io).line];
  if (ssh['host_keys'] !== undefined) return;
  const known = await knownHostKeys(String(own['address']), Number(ssh['port'] ?? 9922), home);
  if (known.length > 0) ssh['host_keys'] = known.map(({ fingerprint }) => fingerprint);
}

function besideIdentity(identity: unknown, home: string): string | undefined {
  if (typeof identity !== 'string') return undefined;
  const file = `${identity.replace(/^~(?=\/)/, home)}.pub`;
  return existsSync(file) ? file : undefined;
}

const textOf = (values: Plain, taken: readonly Taken[]): string =>
  starterYaml(values, {
    keys: new Map(taken.map(({ path, comments }) => [path.join('.'), comments])),
    by: 'clincher import ansible',
  });

function stillNeeded(
  { folder }: ImportAnsibleOptions,
  missing: readonly Problem[],
  left: readonly Left[],
): ClincherError {
  return new ClincherError('USAGE', 'What Ansible’s files say is not enough yet; nothing was written.', {
    evidence: [
      ...missing.map(({ path, sentence }) => `${path}: ${sentence}`),
      ...left.map(({ place, name, why }) => `${place} ${name} ${why}`),
    ].slice(0, 8),
    remedy: [
      `clincher import ansible ${folder} --key ~/.ssh/id_ed25519.pub --set ssh.admin_addresses=198.51.100.7`,
    ],
  });
}

function tell(io: Io, { output }: ImportAnsibleOptions, { secrets, servers }: Config, told: Imported): void {
  if (output !== 'text') return void io.out(print(document('import-ansible', told)));
  const unpinned = Object.values(servers).filter(({ ssh }) => ssh.host_keys.length === 0);
  io.out(importView(told, { identity: secrets.identity, unpinned: unpinned.map(({ name }) => name) }));
}
