import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.js';
import { type ConfigError, formatProblem } from '../../src/config/problem.js';
import { ownerOf } from '../../src/stack/tokens.js';
import { backupKey } from '../../src/steps/backup-files.js';
import { farEnd } from '../../src/steps/offsite-files.js';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIX+tYdClZIvsgtuETMbTnhAS8ic4+eKO5mDDLUAA/8c you@laptop';
const text = (spare: string, prod = ''): string => `version: 1
defaults:
  ssh: { authorized_keys: ['${KEY}'], admin_addresses: [198.51.100.7] }
servers:
  prod:
    address: 203.0.113.7
    ssh: { host_keys: ['SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU'] }
    channels: { telegram: { enabled: true } }
    backup: { offsite: { type: s3, bucket: copies, endpoint: 'https://s3.example.com' } }
    stack: { tier: growth }
    ${prod}
  spare:
${spare.replace(/^/gm, '    ')}
`;
const read = (yaml: string) =>
  parseConfig(yaml, '/home/you/ops/clincher.yaml', { cwd: '/home/you/ops', env: { HOME: '/home/you' } })
    .servers;
const problems = (yaml: string): string[] => {
  try {
    read(yaml);
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map((each) => formatProblem(each));
  }
};
const STANDBY = 'address: 203.0.113.8\nrole: standby\nstandby_for: prod';

test('a standby is as its primary is, but for where it is and which key its host shows', () => {
  const { prod, spare } = read(text(STANDBY));
  const { name, role, standby_for, address, ssh, ...rest } = spare!;
  const { name: _, role: __, standby_for: ___, address: ____, ssh: sshOfProd, ...restOfProd } = prod!;
  expect({ name, role, standby_for, address }).toEqual({
    name: 'spare',
    role: 'standby',
    standby_for: 'prod',
    address: '203.0.113.8',
  });
  expect(rest).toEqual(restOfProd);
  expect({ ...ssh, host_keys: [] }).toEqual({ ...sshOfProd, host_keys: [] });
  expect(ssh.host_keys).toEqual([]);
});

test('it has the secrets, the key of the backups and the copies of its primary', () => {
  const { prod, spare } = read(text(STANDBY));
  expect(spare!.channels.telegram.token).toBe('secret://prod/telegram_bot_token');
  expect(ownerOf(spare!)).toBe('prod');
  expect(backupKey(spare!)).toBe(backupKey(prod!));
  expect(farEnd(spare!)).toEqual(farEnd(prod!));
});

test.each([
  ['role: standby is said too', STANDBY.replace('role: standby\n', ''), /standby_for: needs `role: standby`/],
  ['its primary is there', STANDBY.replace('for: prod', 'for: prd'), /names `prd`, which is no server/],
  [
    'nobody takes its own place',
    STANDBY.replace('for: prod', 'for: spare'),
    /names `spare`, which is no primary/,
  ],
  [
    'what would change with a failover is said at the primary',
    `${STANDBY}\nstack: { tier: starter }`,
    /servers\.spare\.stack: is as `prod` has it/,
  ],
  [
    'so is a way in',
    `${STANDBY}\nssh: { port: 22, host_keys: [] }`,
    /servers\.spare\.ssh\.port: is as `prod`/,
  ],
  ['a primary has one', `${STANDBY}\n`, /has a standby already, `spare`/],
])('%s', (_, spare, wanted) => {
  const more = wanted.source.includes('already')
    ? '\n  other: { address: 203.0.113.9, role: standby, standby_for: prod }\n'
    : '';
  expect(problems(text(spare) + more.replace('\n', '')).join('\n')).toMatch(wanted);
});

test('its copies come from elsewhere, so its primary has to send them there', () => {
  const without = text(STANDBY).replace(/ {4}backup: .*\n/, '');
  expect(problems(without).join('\n')).toMatch(/needs `backup.offsite` of `prod`/);
});

test('a mistake of the primary is told once, where it stands', () => {
  const told = problems(text(STANDBY).replace('tier: growth', 'tier: huge'));
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/servers\.prod\.stack\.tier/);
});
