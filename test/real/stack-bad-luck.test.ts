// Bad input and bad luck of the stack that is found before the first change, on a real host that stays as it was.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CliResult } from '../e2e/cli.js';
import { Stage } from '../e2e/stage.js';
import { IMAGES, type Stacked } from '../images/config.js';
import { ensureRegistry } from '../lab/images/registry.js';
import { pushTiny } from '../lab/images/tiny.js';

const name = `stack-luck-${randomBytes(2).toString('hex')}`;
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const stage = new Stage({ say });
const owner = 'luck';
let registry = '';

const at = (image: Stacked, more: object = {}): object => ({
  repository: `${registry}/${owner}/${IMAGES[image][0]}`,
  version: IMAGES[image][1],
  ...more,
});

/** Small enough for every host that runs these tests. */
const good = () => ({
  stack: {
    enabled: true,
    tier: 'starter',
    proxy_subnet: '172.16.253.0/28',
    limits: { openclaw: { cpus: 1, memory: '1g' } },
    cache: { mode: 'exact' },
    images: {
      openclaw: at('openclaw'),
      litellm: at('litellm'),
      redis: at('redis'),
      'docker-socket-proxy': at('docker-socket-proxy'),
    },
  },
  memory: { enabled: false },
  proxy: { kind: 'none' },
});

beforeAll(async () => {
  registry = await ensureRegistry(say);
  for (const image of Object.keys(IMAGES) as Stacked[])
    await pushTiny(registry, `${owner}/${IMAGES[image][0]}`, IMAGES[image][1], image);
  await stage.hosts([{ name, distro: 'debian13' }]);
  await stage.up();
});
afterAll(() => stage.close());
beforeEach(() => stage.set(name, good()));

const host = () => stage.host(name);
const lock = join(stage.folder, 'clincher.lock.yaml');
const provision = (onFailure: 'ask' | 'abort' = 'abort'): Promise<CliResult> =>
  stage.cli(['run', 'provision', '-s', name, '--yes', '--json', '--on-failure', onFailure]);

/** Where clincher.yaml says this, as its messages write it. */
function placeOf(words: string): RegExp {
  const lines = readFileSync(stage.config, 'utf8').split('\n');
  const line = lines.findIndex((each) => each.includes(words)) + 1;
  const column = (lines[line - 1] ?? '').indexOf(words.slice(words.indexOf(': ') + 2)) + 1;
  return new RegExp(`clincher\\.yaml:${line}:${column} `);
}

/** Every log-in of ours as root leaves a folder there, and a run its mark. */
async function expectUntouched(): Promise<void> {
  const seen = await host().exec(
    'ls -d /var/lib/clincher /var/log/clincher /opt/openclaw /etc/ssh/sshd_config.d/00-clincher.conf 2>/dev/null; getent passwd deploy; true',
  );
  expect(seen.stdout).toBe('');
}

test('a tag that does not exist: its line in clincher.yaml, exit 2, and the host is as it was', async () => {
  stage.set(name, { stack: { images: { litellm: at('litellm', { version: 'main-v9.9.9' }) } } });
  const seen = await provision();
  expect(seen.stderr).toMatch(placeOf('version: main-v9.9.9'));
  expect(seen.stderr).toContain('has no tag main-v9.9.9 of luck/berriai/litellm');
  expect(seen.stderr).toContain('IMAGE_NOT_FOUND');
  expect([seen.code, existsSync(lock)]).toEqual([2, false]);
  await expectUntouched();
});

test('a registry that is down: its line, another code, and the host is as it was', async () => {
  const down = `10.66.0.3:5999/${owner}/redis`;
  stage.set(name, { stack: { images: { redis: { repository: down, version: '1' } } } });
  const seen = await provision();
  expect(seen.stderr).toMatch(placeOf(`repository: ${down}`));
  expect(seen.stderr).toMatch(/10\.66\.0\.3:5999: no answer \(ECONNREFUSED\)/);
  expect(seen.stderr).toContain('REGISTRY_UNREACHABLE');
  expect([seen.code, existsSync(lock)]).toEqual([1, false]);
  await expectUntouched();
});

test.each(['unknown', '0.0.0.0/0', '10.0.0.0/8', '""'])(
  'a subnet %s of the reverse proxy fails; nothing wide takes its place',
  async (subnet) => {
    stage.set(name, { stack: { proxy_subnet: subnet.replaceAll('"', '') } });
    const seen = await provision();
    expect(seen.stderr).toMatch(placeOf(`proxy_subnet: ${subnet}`));
    expect(seen.stderr).toMatch(/proxy_subnet: (is not an IPv4 network|must have a prefix from \/16)/);
    expect(seen.code).toBe(2);
    await expectUntouched();
  },
);

test('the first plan works without a lock, and leaves none; verify says what to type', async () => {
  const plan = await stage.cli(['plan', '-s', name, '--json']);
  expect(plan.code, plan.stderr).toBe(0);
  expect(plan.stderr).toContain('Not locked yet: 4 images');
  expect(plan.doc.steps.find(({ id }) => id === 'stack.images')?.changes).toHaveLength(5);
  const verify = await stage.cli(['verify', '-s', name]);
  expect(verify.stderr).toContain('IMAGE_NOT_LOCKED');
  expect(verify.stderr).toContain('clincher images lock');
  expect([verify.code, existsSync(lock)]).toEqual([2, false]);
  await expectUntouched();
});

test('a host that is too small, and a network that is taken: all at once, with figures and what to do', async () => {
  await host().exec('ip address add 172.16.253.9/24 dev eth0');
  stage.set(name, { stack: { limits: { openclaw: { cpus: 128, memory: '900g' } } } });
  const seen = await provision();
  const said = [seen.doc.error?.message ?? '', ...(seen.doc.error?.evidence ?? [])].join('\n');
  expect(said, seen.stdout + seen.stderr).toMatch(
    /the limits of tier `starter` need 90\d\.\d GiB of memory together, the host has \d+\.\d GiB: lower stack\.limits/,
  );
  expect(said).toMatch(/one service use 128 processors, the host has \d+: Docker would refuse it/);
  expect(said).toContain('stack.proxy_subnet 172.16.253.0/28 overlaps 172.16.253.9/24 of eth0');
  expect([seen.code, seen.doc.error?.code]).toEqual([1, 'PREFLIGHT_FAILED']);
  await expectUntouched();
});

test('doctor says the same; a run that asks waits, and goes on once clincher.yaml is mended', async () => {
  await host().exec('ip address add 172.16.253.9/24 dev eth0');
  stage.set(name, { stack: { limits: { openclaw: { cpus: 1, memory: '900g' } } } });
  expect((await stage.cli(['doctor', '-s', name])).stdout).toMatch(/need 90\d\.\d GiB of memory together/);
  const seen = await provision('ask');
  expect([seen.code, seen.doc.gates.map(({ id }) => id)]).toEqual([8, ['failed:preflight']]);
  await expectUntouched();
  stage.set(name, {
    stack: { limits: { openclaw: { cpus: 1, memory: '1g' } }, proxy_subnet: '172.29.7.0/28' },
  });
  expect(await stage.cli(['retry', '@last', '-s', name, '--new-config'])).toMatchObject({ code: 0 });
  const begun = async () => (await host().exec('test -e /var/lib/clincher/mark')).code === 0;
  for (let i = 0; i < 60 && !(await begun()); i += 1) await new Promise((next) => setTimeout(next, 1_000));
  expect(await begun()).toBe(true);
  await stage.cli(['abort', '@last', '-s', name]);
});
