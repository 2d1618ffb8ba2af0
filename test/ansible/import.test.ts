import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type ImportAnsibleOptions, importAnsible } from '../../src/client/commands/import-ansible.js';
import { loadConfig } from '../../src/config/load.js';
import { readVault } from '../../src/secrets/vault.js';
import { answers, type Bench, bench, stdin } from '../client/world.js';
import { KEY } from '../config/fixture.js';
import { errorOf } from '../secrets/folder.js';
import { PASSWORD, SEALED, SEALED_TEXT } from './sealed.js';

const PEER = fileURLToPath(new URL('peer', import.meta.url));

/** A copy of the peer's project, changed by `edits`: a file's new text, or nothing where it is to go. */
function project(edits: Record<string, string | ((old: string) => string) | undefined> = {}): Bench {
  const place = bench({ 'key.pub': `${KEY}\n`, 'vault-pass': `${PASSWORD}\n` });
  cpSync(PEER, join(place.cwd, 'peer'), { recursive: true });
  for (const [name, edit] of Object.entries(edits)) {
    const path = join(place.cwd, 'peer', name);
    if (edit === undefined) rmSync(path);
    else
      writeFileSync(
        path,
        typeof edit === 'string' ? edit : edit(existsSync(path) ? readFileSync(path, 'utf8') : ''),
      );
  }
  return place;
}

const run = (place: Bench, options: Partial<ImportAnsibleOptions> = {}): Promise<number> =>
  importAnsible(
    place.io,
    { output: 'text', folder: 'peer', secretFile: 'vault-pass', key: 'key.pub', ...options },
    { ask: answers() },
  );

const configOf = ({ cwd, home }: Bench) => loadConfig(undefined, { cwd, env: { HOME: home } });
const textOf = ({ cwd }: Bench): string => readFileSync(join(cwd, 'clincher.yaml'), 'utf8');
const isUntouched = ({ cwd, home }: Bench): boolean =>
  !existsSync(join(cwd, 'clincher.yaml')) &&
  !existsSync(join(cwd, 'clincher.vault.age')) &&
  !existsSync(join(home, '.config'));

const VARS = 'group_vars/all/vars.yml';
const VAULT = 'group_vars/all/vault.yml';
const line = (text: string) => (old: string) => `${old}${text}\n`;
const without = (name: string) => (old: string) => old.replace(new RegExp(`^${name}:.*\n`, 'm'), '');

test('the peer’s example becomes a configuration that is valid, and says what the variables said', async () => {
  const place = project();
  expect(await run(place)).toBe(0);
  const { openclaw } = configOf(place).servers;
  expect(openclaw).toMatchObject({
    address: '203.0.113.7',
    ssh: {
      user: 'deploy',
      port: 9922,
      admin_addresses: ['198.51.100.7'],
      identity_file: join(place.home, '.ssh/clincher_ed25519'),
      authorized_keys: [KEY],
    },
    system: { ipv6: false, unattended_upgrades: { reboot: true, reboot_time: '04:30' } },
    docker: { dns: ['9.9.9.9'], log_max_size: '20m', log_max_file: '3' },
    proxy: { kind: 'caddy', domain: 'claw.example.com' },
    backup: { keep_days: 21, at: '02:05' },
    schedules: { 'rotate-token': '0 4 15 * *', watchdog: '*/10 * * * *' },
    watchdog: { restarts: 5, disk_percent: 80 },
    stack: { timezone: 'Europe/Berlin', cache: { ttl_seconds: 1800, similarity: 0.9 } },
  });
  expect(openclaw?.system.sysctl['vm.swappiness']).toBe('5');
  expect(openclaw?.stack.limits).toEqual({
    openclaw: { cpus: 4, memory: '8g' },
    litellm: { cpus: 2, memory: '2g' },
  });
  expect(
    openclaw?.models.list.map(({ name, id, budget_usd, max_tokens }) => [name, id, budget_usd, max_tokens]),
  ).toEqual([
    ['anthropic/claude-opus-4-6', 'claude-opus-4-6', 75, 8192],
    ['anthropic/claude-haiku-4-5-20251001', 'claude-haiku-4-5-20251001', 10, 8192],
  ]);
  expect(Object.keys(openclaw?.providers ?? {})).toEqual(['anthropic', 'voyage']);
});

test('comments go along with what they explain; headings and those of other variables do not', async () => {
  const place = project();
  await run(place);
  const text = textOf(place);
  expect(text).toMatch(/^# Written by `clincher import ansible`\./);
  expect(text).toContain('# Not the newest: 2.9 lost our plugin.\n          version: 2.8.4-alpine');
  expect(text).toContain('# The machine in Falkenstein, rented until June.\n    address: 203.0.113.7');
  expect(text).toMatch(/# the office\n +admin_addresses:/);
  expect(text).not.toContain('──');
});

test('secrets are in the vault, under our names, and in no text', async () => {
  const place = project();
  await run(place);
  const { secrets } = configOf(place);
  const { entries = {} } = (await readVault(secrets)) ?? {};
  expect(Object.entries(entries).map(([key, { kind }]) => [key, kind])).toEqual([
    ['openclaw/anthropic_api_key', 'external'],
    ['openclaw/voyage_api_key', 'external'],
    ['openclaw/telegram_bot_token', 'external'],
    ['openclaw/gateway_token', 'internal'],
    ['openclaw/guide_backup_key', 'external'],
    ['openclaw/extra_base_rpc_url', 'external'],
    ['openclaw/litellm_master_key', 'internal'],
    ['openclaw/backup_key', 'internal'],
    ['openclaw/redis_password', 'internal'],
  ]);
  expect(entries['openclaw/gateway_token']?.value).toMatch(/^ffeeddcc/);
  // LiteLLM would refuse the playbook's.
  expect(entries['openclaw/litellm_master_key']?.value).toMatch(/^sk-/);
  expect(configOf(place).servers['openclaw']?.openclaw.extra_env).toEqual({
    BASE_RPC_URL: 'secret://openclaw/extra_base_rpc_url',
  });
  const said = place.io.stdout() + place.io.stderr() + textOf(place);
  for (const { value } of Object.values(entries)) expect(said).not.toContain(value);
});

test('what is not carried over is named with its place and its reason', async () => {
  const place = project();
  await run(place, { output: 'json' });
  const { left, settings } = JSON.parse(place.io.stdout()) as {
    left: { name: string; place: string; why: string }[];
    settings: number;
  };
  const lines = left.map(({ name, place: at, why }) => `${at} ${name}: ${why}`);
  for (const expected of [
    /^group_vars\/all\/vars\.yml:14 smokescreen_commit: .*stack\.egress\.commit/,
    /^group_vars\/all\/vars\.yml:20 docker_ce_version: clincher follows the signed repository/,
    /^group_vars\/all\/vars\.yml:\d+ openai\/gpt-5-mini: there is no openai_api_key$/,
    /^group_vars\/all\/vars\.yml:\d+ \*\.groq\.com: opens by itself once its provider/,
    /^group_vars\/all\/vars\.yml:\d+ api\.tavily\.com: .*clincher egress allow/,
    /^group_vars\/all\/vars\.yml:\d+ uploads_dir: shared files lie below the stack’s folder/,
    /^group_vars\/all\/vars\.yml:\d+ house_rule: Ansible computes it/,
    /^group_vars\/all\/vault\.yml:5 litellm_master_key: .*a new one is made/,
    /^group_vars\/all\/vault\.yml:8 github_token: clincher has no such setting$/,
    /^inventory\/hosts\.yml:9 ansible_become: /,
  ])
    expect(lines).toContainEqual(expect.stringMatching(expected));
  // Those that are needed anyway are no loss.
  expect(lines.filter((each) => /telegram\.org|anthropic\.com|voyageai|docker_health/.test(each))).toEqual([
    expect.stringMatching(/docker_health_format: is a helper/),
  ]);
  expect(settings).toBeGreaterThan(40);
});

test('nothing is lost without a word: every variable is a setting, a secret, or named', async () => {
  const place = project();
  await run(place, { output: 'json' });
  const { left, stored } = JSON.parse(place.io.stdout()) as { left: { name: string }[]; stored: string[] };
  const names = [...readFileSync(join(PEER, VARS), 'utf8').matchAll(/^([a-z_]+):/gm)].map(
    ([, name]) => name!,
  );
  const told = new Set(left.map(({ name }) => name));
  const { TAKES } = await import('../../src/ansible/keys.js');
  const known = [...Object.keys(TAKES), ...Object.values(TAKES).flatMap((take) => take.with ?? [])];
  const whole = ['litellm_models', 'openclaw_max_tokens', 'egress_allowed_domains', 'egress_extra_domains'];
  expect(names.filter((name) => !told.has(name) && !known.includes(name) && !whole.includes(name))).toEqual(
    [],
  );
  expect(stored).toHaveLength(6);
});

test('the password comes by prompt, file or stdin, and nothing is written with a wrong one', async () => {
  const place = project();
  const error = await errorOf(
    run({ ...place, io: { ...place.io, ...stdin('wrong\n') } as Bench['io'] }, { secretFile: '-' }),
  );
  expect(error.message).toBe(
    'group_vars/all/vault.yml was encrypted with another password, or is damaged; nothing was written.',
  );
  expect(isUntouched(place)).toBe(true);
  expect(
    await run(
      { ...place, io: { ...place.io, ...stdin(`${PASSWORD}\n`) } as Bench['io'] },
      { secretFile: '-' },
    ),
  ).toBe(0);
  const asked = project();
  Object.assign(asked.io, { canPrompt: true });
  const ask = answers(PASSWORD);
  expect(await importAnsible(asked.io, { output: 'text', folder: 'peer', key: 'key.pub' }, { ask })).toBe(0);
  expect(ask.questions).toEqual(['Password of ansible-vault']);
});

test('without anything encrypted nobody is asked for a password', async () => {
  const place = project({
    [VAULT]:
      'voyage_api_key: "pa-example-0123456789abcdefghij"\nanthropic_api_key: "sk-ant-example-0123456789abcdefghij"\n',
  });
  const { secretFile: _, ...options } = {
    output: 'text',
    folder: 'peer',
    key: 'key.pub',
    secretFile: '',
  } as const;
  expect(await importAnsible(place.io, options, { ask: answers() })).toBe(0);
  expect(place.io.stdout()).toContain('stood there in clear; it is in the vault now');
});

test('one value that is encrypted by itself, and one in clear that wins over an encrypted one', async () => {
  const sealed = SEALED.trimEnd()
    .split('\n')
    .map((text) => `    ${text}`)
    .join('\n');
  const place = project({
    'group_vars/all/zz.yml': line(
      `xai_api_key: !vault |\n${sealed}\ngateway_token: "clear-0123456789abcdef0123456789abcdef"`,
    ),
  });
  await run(place, { output: 'json' });
  const { entries = {} } = (await readVault(configOf(place).secrets)) ?? {};
  expect(entries['openclaw/gateway_token']?.value).toMatch(/^clear-/);
  const left = place.io.stdout();
  // It has the shape of no key of xAI, which is said without a word of it.
  expect(left).toContain('an xAI key begins with xai-');
  expect(left).not.toContain(SEALED_TEXT);
  expect(left).toMatch(
    /"place":"group_vars\/all\/vault\.yml:6","why":"the one in clear at group_vars\/all\/zz\.yml:\d+ wins/,
  );
});

test('what another variable names is encrypted as that one is: a secret is taken, a setting is not written in clear', async () => {
  const sealed = SEALED.trimEnd().replaceAll('\n', '\n    ');
  const place = project({
    'group_vars/all/zz.yml': `discord_bot_token: "{{ vault_discord }}"\nvault_discord: !vault |\n    ${sealed}\ntimezone: "{{ vault_discord }}"\n`,
  });
  await run(place, { output: 'json' });
  const { left } = JSON.parse(place.io.stdout()) as { left: { name: string; why: string }[] };
  const why = (name: string): string | undefined => left.find((one) => one.name === name)?.why;
  expect(why('timezone')).toMatch(/^is encrypted there/);
  // Of no bot, which is said; that it stood there in clear is not.
  expect(why('discord_bot_token')).toMatch(/a Discord bot token is/);
  expect(why('vault_discord')).toBeUndefined();
  expect(textOf(place) + place.io.stdout()).not.toContain(SEALED_TEXT);
});

test('what clincher refuses is left out with its sentence, and the rest holds', async () => {
  const place = project({
    [VARS]: (old) =>
      old
        .replace('caddy_version: "2.8.4-alpine"', 'caddy_version: "latest"')
        .replace('claw.example.com', 'openclaw.yourdomain.com'),
  });
  expect(await run(place, { output: 'json' })).toBe(0);
  const { left } = JSON.parse(place.io.stdout()) as { left: { name: string; why: string }[] };
  const why = (name: string): string | undefined => left.find((one) => one.name === name)?.why;
  expect(why('caddy_version')).toMatch(/latest/);
  expect(why('domain')).toBe('is still the placeholder of the example');
  expect(why('reverse_proxy')).toMatch(/proxy\.kind: caddy/);
  expect(configOf(place).servers['openclaw']?.proxy.kind).toBe('none');
});

test('what no file says is asked for at once, and nothing is written', async () => {
  const place = project({ [VARS]: without('admin_ip') });
  const error = await errorOf(run(place, { key: undefined as never }));
  expect(error.code).toBe('USAGE');
  expect(error.evidence.join('\n')).toMatch(
    /ssh\.admin_addresses: is empty[\s\S]*ssh\.authorized_keys: is empty/,
  );
  expect(error.remedy[0]).toContain('--set ssh.admin_addresses=');
  expect(isUntouched(place)).toBe(true);
  expect(await run(place, { set: ['ssh.admin_addresses=192.0.2.0/24'] })).toBe(0);
  expect(configOf(place).servers['openclaw']?.ssh.admin_addresses).toEqual(['192.0.2.0/24']);
});

test('a clincher.yaml is never replaced; a vault that is there keeps what it has', async () => {
  const place = project();
  await run(place);
  expect((await errorOf(run(place))).message).toMatch(/clincher\.yaml is there already/);
  const before = await readVault(configOf(place).secrets);
  rmSync(join(place.cwd, 'clincher.yaml'));
  await run(place, { output: 'json' });
  const after = await readVault(configOf(place).secrets);
  expect(after).toEqual(before);
  expect(place.io.stdout()).toContain('"kept":["openclaw/anthropic_api_key"');
});

test('each host of the inventory is a server, with the variables that are nearest to it', async () => {
  const place = project({
    'inventory/hosts.yml': `all:
  vars: { swappiness: 1 }
  children:
    claws:
      vars: { docker_log_max_size: 30m }
      hosts:
        Claw_One: { ansible_host: 203.0.113.7, telegram_enabled: yes }
        203.0.113.8: { telegram_enabled: "no", ansible_user: debian, ansible_port: 22 }
`,
    [VARS]: without('docker_log_max_size'),
    'group_vars/claws.yml': 'backup_retention_days: 7\n',
  });
  expect(await run(place)).toBe(0);
  const { servers } = configOf(place);
  expect(Object.keys(servers)).toEqual(['claw-one', 'prod']);
  expect(servers['prod']).toMatchObject({
    address: '203.0.113.8',
    ssh: { first_contact: { user: 'debian', port: 22 } },
    channels: { telegram: { enabled: false } },
    backup: { keep_days: 7 },
    docker: { log_max_size: '30m' },
  });
  // Files beside the inventory win over what stands in it for the same group.
  expect(servers['claw-one']?.system.sysctl['vm.swappiness']).toBe('5');
});

test.each([
  [
    'an INI inventory',
    { 'ansible.cfg': '[defaults]\ninventory = hosts.ini\n', 'hosts.ini': '[claws]\nopenclaw\n' },
    /hosts\.ini is no inventory in YAML/,
  ],
  ['broken YAML', { [VARS]: 'a: [1\nb: 2\n' }, /vars\.yml:\d+ is not valid YAML/],
  ['no host', { 'inventory/hosts.yml': 'all: {}\n' }, /names no host/],
  [
    'no inventory',
    { 'ansible.cfg': undefined, 'inventory/hosts.yml': undefined },
    /no inventory where one usually is/,
  ],
])('%s: said with its file, nothing written', async (_, edits, sentence) => {
  const place = project(edits);
  expect((await errorOf(run(place))).message).toMatch(sentence);
  expect(isUntouched(place)).toBe(true);
});

test('no folder at all', async () => {
  expect((await errorOf(run(project(), { folder: 'elsewhere' }))).message).toMatch(
    /There is no folder .*elsewhere/,
  );
});
