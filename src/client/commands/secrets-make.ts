// `clincher secrets generate|import`: values that clincher makes, and values that people bring along.
import { didYouMean } from '../../config/nearest.js';
import { ClincherError } from '../../errors.js';
import { type ImportedSecret, readImport } from '../../secrets/import-file.js';
import {
  generate,
  INTERNAL_NAMES,
  INTERNAL_SECRETS,
  type InternalSecret,
  isInternalName,
} from '../../secrets/internal.js';
import { entryOf, setEntry, updateVault, type Vault } from '../../secrets/vault.js';
import { agreed } from '../agreed.js';
import type { Deps } from '../deps.js';
import type { Io } from '../io.js';
import type { GlobalOptions } from '../options.js';
import { secretInput } from '../secret-input.js';
import { assertOwner } from '../secret-name.js';
import { configOf, type ServerOptions, serversToChange } from '../servers.js';
import { document, print } from '../view/json.js';

type Options = Pick<GlobalOptions, 'config' | 'output'> & ServerOptions;
type Asking = Pick<Deps, 'ask' | 'now'>;

export interface SecretsGenerateOptions extends Options {
  /** Which; all that are missing when none is named. */
  names?: string[];
  rotate?: boolean;
  yes?: boolean;
}

export async function secretsGenerate(
  io: Io,
  options: SecretsGenerateOptions,
  deps: Asking,
): Promise<number> {
  const config = configOf(io, options);
  const servers = serversToChange(io, config, options).map(({ name }) => name);
  const names = (options.names ?? []).map(internalName);
  if (options.rotate) await agreeToRotate(io, options, deps, servers, names);
  const now = new Date(deps.now());
  const made = await updateVault(config.secrets, async (vault) => {
    const all: string[] = [];
    for (const server of servers)
      all.push(...(await make(vault, server, names, options.rotate === true, now)));
    return all;
  });
  if (options.output !== 'text') io.out(print(document('secrets-generate', { generated: made })));
  else io.out(made.length === 0 ? 'all of them are there already\n' : `generated ${made.join(', ')}\n`);
  return 0;
}

function internalName(name: string): InternalSecret {
  if (isInternalName(name)) return name;
  throw new ClincherError(
    'USAGE',
    `"${name.slice(0, 60)}" is nothing that clincher generates${didYouMean(name, INTERNAL_NAMES) || `; it is one of ${INTERNAL_NAMES.join(', ')}`}`,
  );
}

async function agreeToRotate(
  io: Io,
  options: SecretsGenerateOptions,
  deps: Asking,
  servers: string[],
  names: InternalSecret[],
): Promise<void> {
  if (names.length === 0)
    throw new ClincherError('USAGE', 'Name what to rotate: all at once would cut every client off.', {
      remedy: INTERNAL_NAMES.map(
        (name) => `clincher secrets generate ${name} -s ${servers[0]} --rotate`,
      ).slice(0, 3),
    });
  for (const name of names) io.err(`${name} ${INTERNAL_SECRETS[name].purpose}\n`);
  const question = `Make new values of ${names.join(', ')} for ${servers.join(', ')}?`;
  if (!(await agreed(io, deps.ask, question, options.yes)))
    throw new ClincherError('DECLINED', 'Declined; nothing was changed.');
}

async function make(
  vault: Vault,
  server: string,
  names: readonly InternalSecret[],
  rotate: boolean,
  now: Date,
): Promise<string[]> {
  const isThere = (name: InternalSecret): boolean => entryOf(vault, `${server}/${name}`) !== undefined;
  const there = names.filter(isThere);
  if (there.length > 0 && !rotate)
    throw new ClincherError(
      'USAGE',
      `${server}/${there.join(`, ${server}/`)} is there already, and a new value would replace it.`,
      {
        remedy: [`clincher secrets generate ${there.join(' ')} -s ${server} --rotate`],
      },
    );
  const wanted = names.length > 0 ? names : INTERNAL_NAMES.filter((name) => !isThere(name));
  for (const name of wanted) {
    keepOld(vault, server, name, now);
    await generate(vault, server, name);
  }
  return wanted.map((name) => `${server}/${name}`);
}

/** Old backups are read with the key that they were made with. */
function keepOld(vault: Vault, server: string, name: InternalSecret, now: Date): void {
  const old = entryOf(vault, `${server}/${name}`);
  if (name !== 'backup_key' || old === undefined) return;
  const until = now.toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15);
  setEntry(vault, `${server}/backup_key_until_${until}`, old.value, 'internal', now);
}

export interface SecretsImportOptions extends Options {
  /** dotenv, YAML or JSON; stdin when there is none, or `-`. */
  file?: string;
  overwrite?: boolean;
}

export async function secretsImport(io: Io, options: SecretsImportOptions, deps: Asking): Promise<number> {
  const config = configOf(io, options);
  const owner = ownerOf(options);
  assertOwner(config, owner);
  const { secrets, mistakes } = readImport(await content(io, options, deps));
  if (mistakes.length > 0)
    throw new ClincherError(
      'ANSWER_INVALID',
      `Nothing was imported: ${mistakes.length === 1 ? 'one value is' : `${mistakes.length} values are`} not what they should be.`,
      {
        evidence: mistakes,
        remedy: ['mend these and import again'],
      },
    );
  const { stored, kept } = await updateVault(config.secrets, (vault) =>
    store(vault, owner, secrets, options.overwrite === true),
  );
  if (options.output !== 'text') io.out(print(document('secrets-import', { stored, kept })));
  else io.out(summary(stored, kept));
  return 0;
}

function ownerOf({ server = [] }: ServerOptions): string {
  const [owner] = server;
  if (owner !== undefined && server.length === 1) return owner;
  throw new ClincherError('USAGE', 'Whose secrets are these?', {
    remedy: ['add --server <name>, or --server shared for all servers'],
  });
}

async function content(io: Io, options: SecretsImportOptions, deps: Asking): Promise<string> {
  const secretFile = options.file ?? '-';
  return secretInput(io, deps.ask, { secretFile, question: '', instead: 'clincher secrets import' });
}

function store(vault: Vault, owner: string, secrets: readonly ImportedSecret[], overwrite: boolean) {
  const keyOf = ({ name }: ImportedSecret): string => `${owner}/${name}`;
  const isKept = (secret: ImportedSecret): boolean =>
    !overwrite && entryOf(vault, keyOf(secret)) !== undefined;
  const kept = secrets.filter(isKept);
  const stored = secrets.filter((secret) => !isKept(secret));
  for (const secret of stored)
    setEntry(vault, keyOf(secret), secret.value, isInternalName(secret.name) ? 'internal' : 'external');
  return { stored: stored.map(keyOf), kept: kept.map(keyOf) };
}

function summary(stored: string[], kept: string[]): string {
  const lines = [
    stored.length > 0 ? `imported ${stored.join(', ')}` : 'nothing was imported',
    ...(kept.length > 0 ? [`kept ${kept.join(', ')}   (--overwrite replaces)`] : []),
    ...(stored.length > 0 ? ['Now delete the file that they came from: it holds the values in clear.'] : []),
  ];
  return `${lines.join('\n')}\n`;
}
