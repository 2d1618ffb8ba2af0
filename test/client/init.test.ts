import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type InitOptions, type InitWorld, init } from '../../src/client/commands/init.js';
import type { HostKey } from '../../src/client/host-key.js';
import { loadConfig } from '../../src/config/load.js';
import { ClincherError } from '../../src/errors.js';
import { readVault } from '../../src/secrets/vault.js';
import { KEY } from '../config/fixture.js';
import { errorOf } from '../secrets/folder.js';
import { stage } from './stage.js';
import { again, answers, type Bench, bench } from './world.js';

const ED: HostKey = { type: 'ssh-ed25519', fingerprint: `SHA256:${'a'.repeat(43)}` };
const RSA: HostKey = { type: 'ssh-rsa', fingerprint: `SHA256:${'b'.repeat(43)}` };

function world(overrides: Partial<InitWorld> = {}): InitWorld & { scanned: string[] } {
  const scanned: string[] = [];
  return {
    scanned,
    scanHostKeys: async (address, port) => {
      scanned.push(`${address}:${port}`);
      return [ED, RSA];
    },
    ownKeys: async () => [{ line: KEY, from: 'agent' }],
    ownAddress: async () => '198.51.100.7',
    ...overrides,
  };
}

const silent = world({ scanHostKeys: () => Promise.reject(new ClincherError('UNREACHABLE', 'no')) });
const nobody = { ask: answers() };
const terminal = { canPrompt: true };
const NEEDED = ['address=203.0.113.7', `ssh.authorized_keys=${KEY}`, 'ssh.admin_addresses=198.51.100.7'];

const unattended = (place: Bench, options: Partial<InitOptions> = {}, around = world()): Promise<number> =>
  init(place.io, { output: 'text', set: NEEDED, hostKey: [ED.fingerprint], ...options }, nobody, around);

const configOf = ({ cwd, home }: Bench, file?: string) => loadConfig(file, { cwd, env: { HOME: home } });
const isEmpty = ({ cwd, home }: Bench): boolean =>
  !existsSync(join(cwd, 'clincher.yaml')) &&
  !existsSync(join(cwd, 'clincher.vault.age')) &&
  !existsSync(join(home, '.config'));

test('unattended: a valid file, the vault, the identity, the generated secrets, and what to do next', async () => {
  const place = bench();
  expect(await unattended(place, { name: 'web-1' })).toBe(0);
  const config = configOf(place);
  expect(config.servers['web-1']).toMatchObject({
    address: '203.0.113.7',
    ssh: { host_keys: [ED.fingerprint], authorized_keys: [KEY], admin_addresses: ['198.51.100.7'] },
  });
  const vault = await readVault(config.secrets);
  expect(Object.keys(vault?.entries ?? {})).toEqual([
    'web-1/gateway_token',
    'web-1/litellm_master_key',
    'web-1/backup_key',
    'web-1/redis_password',
  ]);
  expect(config.secrets.id).toBe(vault?.id);
  expect(statSync(config.secrets.identity).mode & 0o777).toBe(0o600);
  expect(place.io.stdout()).toBe(`Wrote ${place.cwd}/clincher.yaml
  ${place.cwd}/clincher.vault.age: the vault, with 4 generated secrets of web-1
  ${place.home}/.config/clincher/identity.txt: the key to it, yours alone. Keep a copy where you keep passwords
Next: clincher doctor -s web-1    clincher plan provision -s web-1
`);
});

test('the file explains itself', async () => {
  const place = bench();
  await unattended(place);
  const text = readFileSync(join(place.cwd, 'clincher.yaml'), 'utf8');
  expect(text).toMatch(/^# Written by `clincher init`\./);
  expect(text).toContain('    # IP address or host name of the server.\n    address: 203.0.113.7\n');
  expect(text.split('\n').filter((line) => line.length > 120 && !line.includes('ssh-ed25519'))).toEqual([]);
});

test('with --host-key nobody is contacted; --json is data', async () => {
  const place = bench();
  const around = world();
  await unattended(place, { output: 'json' }, around);
  expect(around.scanned).toEqual([]);
  expect(JSON.parse(place.io.stdout())).toMatchObject({
    schema: 'clincher.init/1',
    server: 'prod',
    host_keys: [ED.fingerprint],
    generated: ['gateway_token', 'litellm_master_key', 'backup_key', 'redis_password'],
  });
});

test('without --host-key the keys are shown, and nothing is written', async () => {
  const place = bench();
  const error = await errorOf(init(place.io, { output: 'text', set: NEEDED }, nobody, world()));
  expect(error).toMatchObject({ code: 'USAGE', exitCode: 2 });
  expect(error.remedy[0]).toContain(`--host-key ${ED.fingerprint}`);
  expect(place.io.stderr()).toContain(
    `  ssh-ed25519  ${ED.fingerprint}\n  ssh-rsa      ${RSA.fingerprint}\n`,
  );
  expect(isEmpty(place)).toBe(true);
});

test('--accept-host-key pins what is there, with its kind', async () => {
  const place = bench();
  await init(place.io, { output: 'text', set: NEEDED, acceptHostKey: true }, nobody, world());
  expect(configOf(place).servers['prod']?.ssh.host_keys).toEqual([ED.fingerprint, RSA.fingerprint]);
  expect(readFileSync(join(place.cwd, 'clincher.yaml'), 'utf8')).toContain(
    `- ${RSA.fingerprint} # ssh-rsa\n`,
  );
});

test('a hardened server is asked on its own port when the first one is closed', async () => {
  const place = bench();
  const tried: number[] = [];
  const around = world({
    scanHostKeys: async (_, port) => {
      tried.push(port);
      if (port === 22) throw new ClincherError('UNREACHABLE', 'no');
      return [ED];
    },
  });
  await init(
    place.io,
    { output: 'text', set: [...NEEDED, 'ssh.port=2222'], acceptHostKey: true },
    nobody,
    around,
  );
  expect(tried).toEqual([22, 2222]);
});

test('a server that does not answer: nothing is written', async () => {
  const place = bench();
  const error = await errorOf(
    init(place.io, { output: 'text', set: NEEDED, acceptHostKey: true }, nobody, silent),
  );
  expect(error).toMatchObject({
    code: 'UNREACHABLE',
    exitCode: 5,
    message: '203.0.113.7 shows no host key on port 22 or 9922; nothing was written.',
  });
  expect(isEmpty(place)).toBe(true);
});

test('what is missing is said at once, with what to add', async () => {
  const place = bench();
  const error = await errorOf(unattended(place, { set: [] }));
  expect(error.message).toBe(
    'Nobody is there to ask; still needed: address, ssh.authorized_keys, ssh.admin_addresses.',
  );
  expect(error.remedy).toEqual([
    'clincher init prod --set address=203.0.113.7 --key ~/.ssh/id_ed25519.pub --set ssh.admin_addresses=198.51.100.7',
  ]);
});

test('over a tailnet alone no admin address is needed', async () => {
  const place = bench();
  await unattended(place, {
    set: [...NEEDED.slice(0, 2), 'tailscale.enabled=true', 'tailscale.ssh_only=true'],
  });
  expect(configOf(place).servers['prod']?.tailscale.ssh_only).toBe(true);
});

test.each<[mistake: string, options: Partial<InitOptions>, told: string]>([
  ['an unknown key', { set: [...NEEDED, 'ssh.prot=1'] }, 'did you mean `servers.prod.ssh.port`?'],
  [
    'a wrong value',
    { set: [...NEEDED, 'ssh.port=x'] },
    'servers.prod.ssh.port: is text; a whole number is wanted',
  ],
  [
    'the whole internet',
    { set: [...NEEDED, 'ssh.admin_addresses=0.0.0.0/0'] },
    'lets the whole internet try to log in',
  ],
  ['a literal password', { set: [...NEEDED, 'ssh.sudo_password=hunter2'] }, 'holds the value itself'],
  ['a host key that is none', { hostKey: ['hunter2'] }, '--host-key is not a fingerprint'],
  ['a name that is none', { name: 'Prod 1' }, 'a server name is lower-case letters'],
  ['a name of JavaScript’s', { name: '__proto__' }, 'a server name is lower-case letters'],
  ['a key file that is not there', { key: '/nowhere/x.pub' }, 'There is no public key file'],
])('%s is refused before anything is written', async (_, options, told) => {
  const place = bench();
  const error = await errorOf(unattended(place, options));
  expect(error.message).toContain(told);
  expect(error.message).not.toContain('hunter2');
  expect(error.exitCode).toBe(2);
  expect(isEmpty(place)).toBe(true);
});

test('a file that is there is never replaced', async () => {
  const place = bench({ 'clincher.yaml': 'mine\n' });
  const error = await errorOf(unattended(place));
  expect(error.message).toContain('is there already; init never replaces one');
  expect(readFileSync(join(place.cwd, 'clincher.yaml'), 'utf8')).toBe('mine\n');
});

test('--config chooses another file, and its folder is where the vault goes', async () => {
  const place = bench();
  mkdirSync(join(place.cwd, 'ops'));
  await unattended(place, { config: 'ops/lab.yaml' });
  expect(configOf(place, 'ops/lab.yaml').secrets.vault).toBe(join(place.cwd, 'ops', 'clincher.vault.age'));
  expect(existsSync(join(place.cwd, 'ops', 'clincher.vault.age'))).toBe(true);
});

test('a vault that is there is used, with the secrets in it', async () => {
  const place = bench();
  await unattended(place);
  const before = await readVault(configOf(place).secrets);
  rmSync(join(place.cwd, 'clincher.yaml'));
  await unattended({ ...place, io: again(place) });
  expect((await readVault(configOf(place).secrets))?.entries).toEqual(before?.entries);
});

test('a project begun again where everything was deleted', async () => {
  const place = bench();
  await unattended(place);
  rmSync(join(place.cwd, 'clincher.yaml'));
  rmSync(join(place.cwd, 'clincher.vault.age'));
  expect(await unattended({ ...place, io: again(place) })).toBe(0);
});

test('somebody else’s vault is an error; nothing is written', async () => {
  const [other, place] = [bench(), bench()];
  await unattended(other);
  writeFileSync(join(place.cwd, 'clincher.vault.age'), readFileSync(join(other.cwd, 'clincher.vault.age')));
  expect((await errorOf(unattended(place))).code).toBe('VAULT_INVALID');
  expect(existsSync(join(place.cwd, 'clincher.yaml'))).toBe(false);
});

test('--key: the line of the file, and the private key beside it', async () => {
  const place = bench();
  mkdirSync(join(place.home, '.ssh'));
  writeFileSync(join(place.home, '.ssh', 'id.pub'), `${KEY}\n`);
  writeFileSync(join(place.home, '.ssh', 'id'), 'private');
  await unattended(place, { key: '~/.ssh/id', set: NEEDED.filter((one) => !one.includes('authorized')) });
  expect(configOf(place).servers['prod']?.ssh).toMatchObject({
    authorized_keys: [KEY],
    identity_file: join(place.home, '.ssh', 'id'),
  });
  expect(readFileSync(join(place.cwd, 'clincher.yaml'), 'utf8')).toContain('identity_file: ~/.ssh/id\n');
});

test('--key: a path begins at the working folder, and is whole in the file', async () => {
  const place = bench({ 'id.pub': `${KEY}\n`, id: 'private' });
  await unattended(place, { key: 'id.pub', set: NEEDED.filter((one) => !one.includes('authorized')) });
  expect(configOf(place).servers['prod']?.ssh.identity_file).toBe(join(place.cwd, 'id'));
});

test('the wizard: every question, the host key shown before it is pinned', async () => {
  const place = bench({}, terminal);
  const ask = answers('web', '203.0.113.7', 'debian', '', 'you@home', true, '', false);
  expect(await init(place.io, { output: 'text' }, { ask }, world())).toBe(0);
  expect(ask.questions).toEqual([
    'Name of the server [prod]:',
    'IP address or host name:',
    'User of the untouched server (root, debian, ubuntu) [root]:',
    'Its SSH port [22]:',
    'Which key may log in?',
    'Are these the keys of web?',
    'Admin address [198.51.100.7]:',
    'Talk to OpenClaw over Telegram?',
  ]);
  expect(place.io.stderr()).toContain(`ssh-ed25519  ${ED.fingerprint}`);
  expect(place.io.stderr()).toContain('Compare with your provider’s console: ssh-keygen -lf');
  expect(configOf(place).servers['web']).toMatchObject({
    ssh: {
      first_contact: { user: 'debian', port: 22 },
      host_keys: [ED.fingerprint, RSA.fingerprint],
      authorized_keys: [KEY],
      admin_addresses: ['198.51.100.7'],
    },
    channels: { telegram: { enabled: false } },
  });
});

test('the wizard asks again until an answer is good, and says what was wrong', async () => {
  const place = bench({}, terminal);
  const ask = answers(
    '203.0.113.7:22',
    'http://x',
    '203.0.113.7',
    '',
    '70000',
    '2222',
    'you@home',
    true,
    '0.0.0.0/0',
    '',
    true,
  );
  await init(place.io, { output: 'text', name: 'web' }, { ask }, world());
  expect(place.io.stderr()).toContain('  that has a port in it;');
  expect(place.io.stderr()).toContain('  that is not a port\n');
  expect(place.io.stderr()).toContain('  that lets the whole internet try to log in');
});

test('the wizard does not ask what --set said', async () => {
  const place = bench({}, terminal);
  const ask = answers(true);
  await init(
    place.io,
    {
      output: 'text',
      name: 'web',
      set: [
        ...NEEDED,
        'ssh.first_contact.user=root',
        'ssh.first_contact.port=22',
        'channels.telegram.enabled=false',
      ],
    },
    { ask },
    world(),
  );
  expect(ask.questions).toEqual(['Are these the keys of web?']);
});

test('a host key that a person does not confirm ends it', async () => {
  const place = bench({}, terminal);
  const ask = answers('', '', 'you@home', false);
  const error = await errorOf(
    init(place.io, { output: 'text', name: 'web', set: ['address=203.0.113.7'] }, { ask }, world()),
  );
  expect(error).toMatchObject({ code: 'DECLINED', exitCode: 6 });
  expect(isEmpty(place)).toBe(true);
});

test('a server that does not answer may be pinned later', async () => {
  const place = bench({}, terminal);
  const ask = answers('', '', 'you@home', true, '', true);
  await init(place.io, { output: 'text', name: 'web', set: ['address=203.0.113.7'] }, { ask }, silent);
  expect(configOf(place).servers['web']?.ssh.host_keys).toEqual([]);
  expect(place.io.stdout()).toContain('no host key is pinned yet');
});

test('without keys a file is asked for, until there is one', async () => {
  const place = bench({}, terminal);
  writeFileSync(join(place.home, 'x.pub'), `${KEY}\n`);
  const ask = answers('', '', '~/nothing.pub', '~/x.pub', true, '', true);
  await init(
    place.io,
    { output: 'text', name: 'web', set: ['address=203.0.113.7'] },
    { ask },
    world({ ownKeys: async () => [] }),
  );
  expect(place.io.stderr()).toContain('There is no public key file ~/nothing.pub');
  expect(configOf(place).servers['web']?.ssh.authorized_keys).toEqual([KEY]);
});

test('leaving any question ends it', async () => {
  for (const given of [[undefined], ['', undefined], ['', '203.0.113.7', '', '', undefined]]) {
    const place = bench({}, terminal);
    expect(
      (await errorOf(init(place.io, { output: 'text' }, { ask: answers(...given) }, world()))).code,
    ).toBe('DECLINED');
    expect(isEmpty(place)).toBe(true);
  }
});

test('the whole command, as somebody types it who is not at a terminal', async () => {
  const { run, bench: place } = stage();
  writeFileSync(join(place.home, 'id.pub'), `${KEY}\n`);
  const words = ['--config', 'new.yaml', '--key', join(place.home, 'id.pub'), '--host-key', ED.fingerprint];
  const sets = ['address=203.0.113.7', 'ssh.admin_addresses=198.51.100.7'].flatMap((one) => ['--set', one]);
  expect(await run('init', 'web', ...words, ...sets)).toBe(0);
  expect(configOf(place, join(place.cwd, 'new.yaml')).servers['web']?.ssh.host_keys).toEqual([
    ED.fingerprint,
  ]);
});
