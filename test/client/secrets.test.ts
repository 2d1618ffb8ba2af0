import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { secretsLs, secretsRm, secretsSet } from '../../src/client/commands/secrets.js';
import { secretsGenerate, secretsImport } from '../../src/client/commands/secrets-make.js';
import { decrypt } from '../../src/secrets/age.js';
import { readIdentities } from '../../src/secrets/identity.js';
import { MINIMAL } from '../config/fixture.js';
import { errorOf } from '../secrets/folder.js';
import { again, answers, type Bench, bench, now, stdin } from './world.js';

const TOKEN = '123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw4';
const text = { output: 'text' } as const;
const json = { output: 'json' } as const;
const accept = async () => ({ ok: true, username: 'prod_helper_bot' }) as const;
const nobody = { ask: answers(), now };
const terminal = { canPrompt: true };

const project = (): Bench => bench({ 'clincher.yaml': MINIMAL });

/** What the official tool would show: the vault, opened. */
async function values({ cwd, home }: Bench): Promise<Record<string, string>> {
  const identities = await readIdentities(join(home, '.config/clincher/identity.txt'));
  const { entries } = JSON.parse(
    await decrypt(readFileSync(join(cwd, 'clincher.vault.age'), 'utf8'), identities),
  );
  return Object.fromEntries(
    Object.entries(entries as Record<string, { value: string }>).map(([key, { value }]) => [key, value]),
  );
}

test('set: by masked prompt; Telegram is asked first', async () => {
  const place = project();
  const io = again(place, terminal);
  const ask = answers(TOKEN);
  expect(await secretsSet(io, { ...text, name: 'prod/telegram_bot_token' }, { ask, now }, accept)).toBe(0);
  expect(ask.questions).toEqual(['Value of secret://prod/telegram_bot_token']);
  expect(io.stdout()).toBe(
    'secret://prod/telegram_bot_token stored (accepted by Telegram: @prod_helper_bot)\n',
  );
  expect(await values(place)).toEqual({ 'prod/telegram_bot_token': TOKEN });
});

test('set: by stdin, without its last newline', async () => {
  const place = project();
  const io = again(place, stdin('hunter2\n'));
  await secretsSet(io, { ...json, name: 'secret://shared/sudo_password' }, nobody);
  expect(await values(place)).toEqual({ 'shared/sudo_password': 'hunter2' });
  expect(JSON.parse(io.stdout())).toEqual({
    schema: 'clincher.secrets-set/1',
    ref: 'secret://shared/sudo_password',
    sha256: 'sha256:f52f…',
    replaced: false,
  });
});

test('set: by file, several lines too, and with -s', async () => {
  const place = bench({ 'clincher.yaml': MINIMAL, key: 'line 1\nline 2\n' });
  await secretsSet(place.io, { ...text, name: 'some_key', server: ['prod'], secretFile: 'key' }, nobody);
  expect(await values(place)).toEqual({ 'prod/some_key': 'line 1\nline 2' });
});

test('set: `-` is stdin also where a person is', async () => {
  const place = project();
  await secretsSet(
    again(place, { ...terminal, ...stdin('hunter2') }),
    { ...text, name: 'prod/x', secretFile: '-' },
    nobody,
  );
  expect(await values(place)).toEqual({ 'prod/x': 'hunter2' });
});

test('set: a second value replaces', async () => {
  const place = project();
  for (const value of ['one', 'two'])
    await secretsSet(again(place, stdin(value)), { ...text, name: 'prod/x' }, nobody);
  expect(await values(place)).toEqual({ 'prod/x': 'two' });
});

test.each<[mistake: string, value: string, told: string]>([
  ['nothing', '', 'It is empty'],
  ['a bot’s name', '@prod_helper_bot', 'This is the bot’s name'],
  ['half a token', '123456789:short', 'cut short'],
])('set: %s is refused before anything is stored', async (_, value, told) => {
  const place = project();
  const error = await errorOf(
    secretsSet(again(place, stdin(value)), { ...text, name: 'prod/telegram_bot_token' }, nobody, accept),
  );
  expect(error).toMatchObject({ code: 'ANSWER_INVALID', message: expect.stringContaining(told) });
  expect(existsSync(join(place.cwd, 'clincher.vault.age'))).toBe(false);
});

test('set: a token that Telegram does not know is refused; one that could not be asked about is stored, and that is said', async () => {
  const place = project();
  const set = (check: typeof accept | (() => Promise<never>)) => {
    const io = again(place, stdin(TOKEN));
    return { io, done: secretsSet(io, { ...text, name: 'prod/telegram_bot_token' }, nobody, check as never) };
  };
  const refused = await errorOf(
    set(async () => ({ ok: false, reason: 'Telegram does not know this token.' }) as never).done,
  );
  expect(refused).toMatchObject({ code: 'ANSWER_INVALID' });
  expect(refused.message).not.toContain(TOKEN);
  const { io, done } = set(async () => ({ unknown: 'Telegram could not be asked (ENOTFOUND).' }) as never);
  await done;
  expect(io.stdout()).toContain('stored (not checked: Telegram could not be asked (ENOTFOUND).)');
});

test('set: a bot’s token is asked about at the Bot API of one’s own', async () => {
  const place = project();
  const config = join(place.cwd, 'clincher.yaml');
  const own =
    'channels: {telegram: {api_root: "https://bot-api.example.com"}}\n    stack: {images: {openclaw: {version: 2026.9.6}}}';
  writeFileSync(config, `${MINIMAL}    ${own}\n`);
  const asked: unknown[] = [];
  const ask = (async (_: string, how: unknown) => asked.push(how) && { ok: true, username: 'own' }) as never;
  await secretsSet(again(place, stdin(TOKEN)), { ...text, name: 'prod/telegram_bot_token' }, nobody, ask);
  await secretsSet(again(place, stdin(TOKEN)), { ...text, name: 'shared/telegram_bot_token' }, nobody, ask);
  expect(asked).toEqual([{ api: 'https://bot-api.example.com' }, {}]);
});

test.each([
  ['prd/x', 'There is no server "prd"; did you mean `prod`?'],
  ['x', 'Whose secret?'],
  ['prod/x/y', 'not the name of a secret'],
  ['env:A', 'Only the vault can be changed here'],
])('set: %s', async (name, told) => {
  const error = await errorOf(secretsSet(again(project(), stdin('hunter2')), { ...text, name }, nobody));
  expect(error.message).toContain(told);
  expect(error.exitCode).toBe(2);
});

test('set: leaving the prompt stores nothing', async () => {
  const place = project();
  const error = await errorOf(
    secretsSet(again(place, terminal), { ...text, name: 'prod/x' }, { ask: answers(undefined), now }),
  );
  expect(error).toMatchObject({ code: 'DECLINED', exitCode: 6 });
});

test('set: nobody to ask and no stdin but a terminal: said, not waited for', async () => {
  const io = again(project(), { stdin: Object.assign(stdin('').stdin, { isTTY: true }) });
  const error = await errorOf(secretsSet(io, { ...text, name: 'prod/x' }, nobody));
  expect(error).toMatchObject({
    code: 'USAGE',
    remedy: ['clincher secrets set prod/x --secret-file <file>', '… | clincher secrets set prod/x'],
  });
});

test('generate: the missing ones, once', async () => {
  const place = project();
  await secretsGenerate(place.io, { ...text, server: ['prod'] }, nobody);
  expect(place.io.stdout()).toBe(
    'generated prod/gateway_token, prod/litellm_master_key, prod/backup_key, prod/redis_password\n',
  );
  const before = await values(place);
  const io = again(place);
  await secretsGenerate(io, { ...text, server: ['prod'] }, nobody);
  expect(io.stdout()).toBe('all of them are there already\n');
  expect(await values(place)).toEqual(before);
});

test('generate: one that is there is refused without --rotate', async () => {
  const place = project();
  await secretsGenerate(place.io, { ...text, server: ['prod'] }, nobody);
  const before = await values(place);
  const error = await errorOf(
    secretsGenerate(again(place), { ...text, server: ['prod'], names: ['backup_key'] }, nobody),
  );
  expect(error).toMatchObject({
    code: 'USAGE',
    remedy: ['clincher secrets generate backup_key -s prod --rotate'],
  });
  const set = await errorOf(
    secretsSet(again(place, stdin('x'.repeat(64))), { ...text, name: 'prod/gateway_token' }, nobody),
  );
  expect(set.message).toContain('prod/gateway_token was generated and is in use');
  expect(await values(place)).toEqual(before);
});

test('generate --rotate: agreed to, and old backups stay readable', async () => {
  const place = project();
  await secretsGenerate(place.io, { ...text, server: ['prod'] }, nobody);
  const before = await values(place);
  const options = { ...text, server: ['prod'], names: ['backup_key'], rotate: true };
  const declined = await errorOf(
    secretsGenerate(again(place, terminal), options, { ask: answers(false), now }),
  );
  expect(declined.code).toBe('DECLINED');
  expect((await errorOf(secretsGenerate(again(place), options, nobody))).remedy).toEqual(['add --yes']);
  expect(await values(place)).toEqual(before);
  await secretsGenerate(again(place), { ...options, yes: true }, nobody);
  const after = await values(place);
  expect(after['prod/backup_key']).not.toBe(before['prod/backup_key']);
  expect(after['prod/backup_key_until_20261122_120000']).toBe(before['prod/backup_key']);
  expect(after['prod/gateway_token']).toBe(before['prod/gateway_token']);
});

test('generate: all at once are never rotated, nor what clincher does not make', async () => {
  const error = await errorOf(
    secretsGenerate(project().io, { ...text, server: ['prod'], rotate: true, yes: true }, nobody),
  );
  expect(error.message).toContain('Name what to rotate');
  const unknown = await errorOf(
    secretsGenerate(project().io, { ...text, server: ['prod'], names: ['gateway_tokn'] }, nobody),
  );
  expect(unknown.message).toContain('did you mean `gateway_token`?');
});

test('generate: the server must be named', async () => {
  expect(await errorOf(secretsGenerate(project().io, text, nobody))).toMatchObject({ code: 'USAGE' });
});

test('a vault that is gone is never made anew by a command', async () => {
  const place = project();
  await secretsGenerate(place.io, { ...text, server: ['prod'] }, nobody);
  rmSync(join(place.cwd, 'clincher.vault.age'));
  const commands = [
    () => secretsGenerate(again(place), { ...text, server: ['prod'] }, nobody),
    () => secretsSet(again(place, stdin('hunter2')), { ...text, name: 'prod/x' }, nobody),
    () => secretsImport(again(place, stdin('A=hunter2')), { ...text, server: ['prod'] }, nobody),
    () => secretsLs(again(place), text, { now }),
  ];
  for (const command of commands)
    expect(await errorOf(command())).toMatchObject({
      code: 'VAULT_INVALID',
      message: expect.stringContaining('is gone'),
    });
  expect(existsSync(join(place.cwd, 'clincher.vault.age'))).toBe(false);
});

test('rm: agreed to, with where it is used', async () => {
  const place = project();
  await secretsSet(again(place, stdin(TOKEN)), { ...text, name: 'prod/telegram_bot_token' }, nobody, accept);
  const io = again(place, terminal);
  await secretsRm(io, { ...text, name: 'prod/telegram_bot_token' }, { ask: answers(true), now });
  expect(io.stderr()).toBe(
    'secret://prod/telegram_bot_token is used by servers.prod.channels.telegram.token\n',
  );
  expect(await values(place)).toEqual({});
});

test('rm: declined, unattended, unknown', async () => {
  const place = project();
  await secretsSet(again(place, stdin('hunter2')), { ...text, name: 'prod/x' }, nobody);
  const rm = (overrides: object, ask = answers()) =>
    errorOf(secretsRm(again(place, overrides), { ...text, name: 'prod/x' }, { ask, now }));
  expect((await rm(terminal, answers(false))).code).toBe('DECLINED');
  expect((await rm({})).remedy).toEqual(['add --yes']);
  expect(await values(place)).toEqual({ 'prod/x': 'hunter2' });
  const unknown = await errorOf(secretsRm(again(place), { ...text, name: 'prod/y', yes: true }, nobody));
  expect(unknown.code).toBe('SECRET_MISSING');
});

test('rm: a generated one only by its name; --yes is not enough', async () => {
  const place = project();
  await secretsGenerate(place.io, { ...text, server: ['prod'] }, nobody);
  const options = { ...text, name: 'prod/backup_key', yes: true };
  expect((await errorOf(secretsRm(again(place), options, nobody))).remedy).toEqual([
    'add --confirm prod/backup_key',
  ]);
  expect((await errorOf(secretsRm(again(place, terminal), options, { ask: answers('y'), now }))).code).toBe(
    'DECLINED',
  );
  expect((await errorOf(secretsRm(again(place), { ...options, confirm: 'prod' }, nobody))).code).toBe(
    'DECLINED',
  );
  await secretsRm(again(place), { ...options, confirm: 'prod/backup_key' }, nobody);
  expect(Object.keys(await values(place))).not.toContain('prod/backup_key');
});

test('ls: names, kinds, ages, uses; never a value', async () => {
  const yaml = MINIMAL.concat(
    '    ssh: {sudo_password: "exec:op read op://x/hunter2", identity_file: x, identity_passphrase: env:PASSPHRASE}\n',
  );
  const place = bench({ 'clincher.yaml': yaml });
  await secretsGenerate(place.io, { ...text, server: ['prod'] }, nobody);
  await secretsSet(again(place, stdin('hunter2')), { ...text, name: 'shared/unused' }, nobody);
  const io = again(place);
  expect(await secretsLs(io, json, { now })).toBe(0);
  const { secrets } = JSON.parse(io.stdout());
  expect(secrets.map(({ ref, kind, status }: Record<string, string>) => `${ref} ${kind} ${status}`)).toEqual([
    'env:PASSPHRASE env missing',
    'exec:op … exec not asked',
    'secret://prod/anthropic_api_key external missing',
    'secret://prod/backup_key internal ok',
    'secret://prod/gateway_token internal ok',
    'secret://prod/litellm_master_key internal ok',
    'secret://prod/redis_password internal ok',
    'secret://prod/telegram_bot_token external missing',
    'secret://prod/voyage_api_key external missing',
    'secret://shared/unused external ok',
  ]);
  expect(secrets[7].usedBy).toEqual(['servers.prod.channels.telegram.token']);
  expect(secrets[9]).toMatchObject({ usedBy: [], sha256: 'sha256:f52f…' });
  const plain = again(place);
  await secretsLs(plain, text, { now: () => Date.now() + 3 * 86_400_000 });
  expect(plain.stdout()).toMatch(/^SECRET +KIND +STATUS +SET +USED BY\n/);
  expect(plain.stdout()).toMatch(/secret:\/\/prod\/backup_key +internal +ok +3d ago +stack of prod\n/);
  const all = io.stdout() + plain.stdout();
  for (const value of Object.values(await values(place))) expect(all).not.toContain(value);
});

test('ls: before anything is there', async () => {
  const place = project();
  await secretsLs(place.io, text, { now });
  expect(place.io.stdout()).toMatch(/secret:\/\/prod\/telegram_bot_token +external +missing/);
  expect(existsSync(join(place.cwd, 'clincher.vault.age'))).toBe(false);
});

test('ls --ask: a command that fails is told, and is exit code 1', async () => {
  const place = bench({ 'clincher.yaml': MINIMAL.concat('    ssh: {sudo_password: "exec:false"}\n') });
  expect(await secretsLs(place.io, { ...json, ask: true }, { now })).toBe(1);
  const [row] = JSON.parse(place.io.stdout()).secrets;
  expect(row).toMatchObject({
    kind: 'exec',
    status: 'failed',
    reason: expect.stringContaining('ended with exit code 1'),
  });
});

test('import: dotenv by stdin; names only come back, existing values stay', async () => {
  const place = project();
  await secretsSet(again(place, stdin('old')), { ...text, name: 'prod/other' }, nobody);
  const io = again(
    place,
    stdin(
      `# keys\nexport ANTHROPIC_API_KEY="sk-ant-${'x'.repeat(30)}"\nOTHER=new # comment\nBACKUP_ENCRYPTION_KEY='${'ab'.repeat(32)}'\n\n`,
    ),
  );
  await secretsImport(io, { ...text, server: ['prod'] }, nobody);
  expect(io.stdout()).toBe(`imported prod/anthropic_api_key, prod/guide_backup_key
kept prod/other   (--overwrite replaces)
Now delete the file that they came from: it holds the values in clear.
`);
  expect(await values(place)).toEqual({
    'prod/anthropic_api_key': `sk-ant-${'x'.repeat(30)}`,
    'prod/other': 'old',
    'prod/guide_backup_key': 'ab'.repeat(32),
  });
});

test('import: the guide’s vault.yml, by file, replacing when told to', async () => {
  const yaml = `telegram_bot_token: "${TOKEN}"\ngateway_token: "${'0f'.repeat(32)}"\n`;
  const place = bench({ 'clincher.yaml': MINIMAL, 'vault.yml': yaml });
  await secretsGenerate(place.io, { ...text, server: ['prod'] }, nobody);
  const io = again(place);
  await secretsImport(io, { ...json, server: ['prod'], file: 'vault.yml', overwrite: true }, nobody);
  expect(JSON.parse(io.stdout())).toEqual({
    schema: 'clincher.secrets-import/1',
    stored: ['prod/telegram_bot_token', 'prod/gateway_token'],
    kept: [],
  });
  expect((await values(place))['prod/gateway_token']).toBe('0f'.repeat(32));
});

test.each<[mistake: string, content: string, told: RegExp]>([
  ['a placeholder', 'anthropic_api_key: "sk-ant-..."', /anthropic_api_key: this is still the placeholder/],
  ['a wrong shape', 'TELEGRAM_BOT_TOKEN=hunter2hunter2', /TELEGRAM_BOT_TOKEN: a bot token is digits/],
  ['a map', 'a: {b: hunter2hunter2}', /a: only texts are taken/],
  ['nothing behind the name', 'A=', /A: It is empty/],
  ['a name that is none', '"hunter2 hunter2": x', /a key that is no name: a secret name is letters/],
  ['a file of ansible-vault', '$ANSIBLE_VAULT;1.1;AES256\n6162', /encrypted by ansible-vault/],
  ['no names', 'hunter2hunter2', /holds no names with values/],
  ['broken YAML', 'a: "hunter2hunter2\nb', /line \d is not valid/],
  ['aliases', 'a: &x hunter2hunter2\nb: *x', /Aliases/],
])('import: %s; nothing is stored or repeated', async (_, content, told) => {
  const place = project();
  const error = await errorOf(
    secretsImport(again(place, stdin(content)), { ...text, server: ['prod'] }, nobody),
  );
  const said = [error.message, ...error.evidence].join('\n');
  expect(said).toMatch(told);
  expect(said).not.toContain('hunter2');
  expect(existsSync(join(place.cwd, 'clincher.vault.age'))).toBe(false);
});

test('import: whose they are must be said', async () => {
  expect((await errorOf(secretsImport(project().io, text, nobody))).code).toBe('USAGE');
  expect((await errorOf(secretsImport(project().io, { ...text, server: ['prd'] }, nobody))).code).toBe(
    'UNKNOWN_SERVER',
  );
});
