// A clincher.yaml that is not there yet, and the vault that it refers to: the vault first, and neither ever replaced.
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { FILE_NAME } from '../config/find.js';
import type { Config } from '../config/load.js';
import type { Plain } from '../config/merge.js';
import { ClincherError } from '../errors.js';
import { recipientsOf } from '../secrets/identity.js';
import { createVault, readVault, type VaultLocation } from '../secrets/vault.js';
import type { Io } from './io.js';

/** `verb` as it was typed: `init`. */
export function newConfigPath(io: Io, config: string | undefined, verb: string): string {
  const path = resolve(io.cwd, config ?? (io.env['CLINCHER_CONFIG'] || FILE_NAME));
  if (!existsSync(path)) return path;
  throw new ClincherError('USAGE', `${path} is there already; ${verb} never replaces one.`, {
    remedy: [
      'add the server to it by hand, then: clincher config check',
      `clincher ${verb} --config other.yaml`,
    ],
  });
}

/** Where its secrets go; `values` says it from then on. A vault that is there already is used. */
export async function vaultFor(values: Plain, { secrets }: Config): Promise<VaultLocation> {
  const vault = existsSync(secrets.vault) ? await readVault(secrets) : await createVault(secrets);
  if (vault === undefined)
    throw new ClincherError('VAULT_INVALID', `${secrets.vault} went away while it was read.`);
  values['secrets'] = {
    vault: `./${basename(secrets.vault)}`,
    vault_id: vault.id,
    recipients: await recipientsOf(secrets.identity),
    ...(values['secrets'] as object | undefined),
  };
  return { ...secrets, id: vault.id };
}
