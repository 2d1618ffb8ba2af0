// `clincher secrets ls|set|rm`: the vault from the command line. Names come in and go out, values only come in.
import { ClincherError } from '../../errors.js';
import { isInternalName } from '../../secrets/internal.js';
import { listSecrets, type SecretRow, usesOf } from '../../secrets/listing.js';
import { fingerprint } from '../../secrets/secret.js';
import { checkShape, commonMistake, shapeOf } from '../../secrets/shapes.js';
import { checkTelegramToken } from '../../secrets/telegram.js';
import { entryOf, readVault, setEntry, updateVault } from '../../secrets/vault.js';
import { agreed } from '../agreed.js';
import type { Deps } from '../deps.js';
import type { Io } from '../io.js';
import type { GlobalOptions } from '../options.js';
import { ownBotApi } from '../own-bot-api.js';
import { secretInput } from '../secret-input.js';
import { type SecretName, secretName } from '../secret-name.js';
import { configOf, type ServerOptions } from '../servers.js';
import { document, print } from '../view/json.js';
import { table } from '../view/table.js';
import { ago } from '../view/time.js';

type Options = Pick<GlobalOptions, 'config' | 'output'> & ServerOptions;
type Asking = Pick<Deps, 'ask' | 'now'>;

export interface SecretsLsOptions extends Options {
  /** Run `exec:` sources too. */
  ask?: boolean;
}

export async function secretsLs(io: Io, options: SecretsLsOptions, deps: Pick<Deps, 'now'>): Promise<number> {
  const config = configOf(io, options);
  const rows = await listSecrets(config, { env: io.env, ask: options.ask === true });
  if (options.output !== 'text')
    io.out(print(document('secrets', { vault: config.secrets.vault, secrets: rows })));
  else io.out(listing(rows, io, deps.now()));
  return rows.some(({ status, usedBy }) => status === 'failed' && usedBy.length > 0) ? 1 : 0;
}

function listing(rows: readonly SecretRow[], io: Io, now: number): string {
  if (rows.length === 0) return 'no secrets\n';
  const cells = rows.map(({ ref, kind, status, reason, createdAt, rotatedAt, usedBy }) => {
    const at = rotatedAt ?? createdAt;
    const word =
      status === 'missing'
        ? io.style('yellow', status)
        : status === 'failed'
          ? io.style('red', status)
          : status;
    return [
      ref,
      kind,
      word,
      at === undefined ? '' : ago(at, now),
      reason ?? (usedBy.join(', ') || 'not used'),
    ];
  });
  return `${table([['SECRET', 'KIND', 'STATUS', 'SET', 'USED BY'], ...cells], io).join('\n')}\n`;
}

export interface SecretsSetOptions extends Options {
  name: string;
  secretFile?: string;
  /** Replace a generated value. */
  rotate?: boolean;
}

export async function secretsSet(
  io: Io,
  options: SecretsSetOptions,
  deps: Asking,
  ask: typeof checkTelegramToken = checkTelegramToken,
): Promise<number> {
  const config = configOf(io, options);
  const secret = secretName(config, options.name, options.server);
  const old = entryOf(await readVault(config.secrets), secret.key);
  if (old?.kind === 'internal' && !options.rotate) throw exists(secret);
  const value = await secretInput(io, deps.ask, {
    secretFile: options.secretFile,
    question: `Value of ${secret.ref}`,
    instead: `clincher secrets set ${secret.key}`,
  });
  const note = await checked(secret, value, ask, ownBotApi(config, secret.ref));
  const kind = isInternalName(secret.name) ? 'internal' : 'external';
  await updateVault(config.secrets, (vault) => setEntry(vault, secret.key, value, kind));
  const stored = { ref: secret.ref, sha256: fingerprint(value), replaced: old !== undefined, note };
  if (options.output !== 'text') io.out(print(document('secrets-set', stored)));
  else
    io.out(
      `${secret.ref} ${old === undefined ? 'stored' : 'replaced'}${note === undefined ? '' : ` (${note})`}\n`,
    );
  return 0;
}

const exists = ({ key, server, name }: SecretName): ClincherError =>
  new ClincherError(
    'USAGE',
    `${key} was generated and is in use; a new value changes what servers already know.`,
    {
      remedy: [`clincher secrets generate ${name} -s ${server} --rotate`],
    },
  );

/** A wrong paste costs nothing: looked at before it is stored. The answer is a note for the person. */
async function checked(
  { name }: SecretName,
  value: string,
  ask: typeof checkTelegramToken,
  api: string | undefined,
): Promise<string | undefined> {
  const shape = shapeOf(name);
  // Keys of several lines are fine where no shape says otherwise.
  const mistake =
    shape === undefined ? commonMistake(value.replace(/\r?\n/g, ' ').trim()) : checkShape(shape, value);
  if (mistake !== null)
    throw new ClincherError('ANSWER_INVALID', mistake, { remedy: ['try again with the right value'] });
  if (shape !== 'telegram-bot-token') return undefined;
  const answer = await ask(value, api === undefined ? {} : { api });
  if ('unknown' in answer) return `not checked: ${answer.unknown}`;
  if (!answer.ok)
    throw new ClincherError('ANSWER_INVALID', answer.reason, { remedy: ['ask @BotFather: /token'] });
  return `accepted by Telegram: @${answer.username}`;
}

export interface SecretsRmOptions extends Options {
  name: string;
  yes?: boolean;
  /** The name again, for what cannot be had back. */
  confirm?: string;
}

export async function secretsRm(io: Io, options: SecretsRmOptions, deps: Asking): Promise<number> {
  const config = configOf(io, options);
  const secret = secretName(config, options.name, options.server);
  const entry = entryOf(await readVault(config.secrets), secret.key);
  if (entry === undefined)
    throw new ClincherError('SECRET_MISSING', `The vault has no secret ${secret.key}.`, {
      remedy: ['clincher secrets ls'],
    });
  const uses = usesOf(config).get(secret.ref) ?? [];
  if (uses.length > 0) io.err(`${secret.ref} is used by ${uses.join(', ')}\n`);
  const isAgreed =
    entry.kind === 'internal'
      ? await typedName(io, options, deps, secret)
      : await agreed(io, deps.ask, `Remove ${secret.ref}?`, options.yes);
  if (!isAgreed) throw new ClincherError('DECLINED', 'Declined; nothing was removed.');
  await updateVault(config.secrets, (vault) => {
    delete vault.entries[secret.key];
  });
  if (options.output !== 'text') io.out(print(document('secrets-rm', { ref: secret.ref, removed: true })));
  else io.out(`${secret.ref} removed\n`);
  return 0;
}

/** Backups and running servers depend on a generated value: -y is not enough. */
async function typedName(
  io: Io,
  options: SecretsRmOptions,
  deps: Asking,
  { key }: SecretName,
): Promise<boolean> {
  if (options.confirm !== undefined) return options.confirm === key;
  if (!io.canPrompt)
    throw new ClincherError('USAGE', `${key} was generated and cannot be had back.`, {
      remedy: [`add --confirm ${key}`],
    });
  return (
    (await deps.ask.text(io, `${key} was generated and cannot be had back. Type its name to remove it:`)) ===
    key
  );
}
