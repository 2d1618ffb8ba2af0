// A diagnosis over a host that answers little: what is seen is concluded from, what is not is unknown, and no value of a secret comes along.
import { expect, it } from 'vitest';
import type { Deps } from '../../src/activities/deps.js';
import { diagnose } from '../../src/activities/diagnose.js';
import type { Host } from '../../src/activities/host.js';
import { dockerNow } from '../../src/commands/docker-api.js';
import { memoryNow } from '../../src/commands/host-load.js';
import type { Command, Reading } from '../../src/model.js';
import { serviceDefinitions } from '../../src/stack/services.js';
import { baseSysctl } from '../../src/steps/base-sysctl.js';
import { server } from '../steps/fixture.js';

const lab = server({ proxy: { ...server().proxy, kind: 'none' } });
const same = (a: Command, b: Command): boolean => JSON.stringify(a) === JSON.stringify(b);
const ok = (stdout: string): Reading => ({ stdout, stderr: '', exitCode: 0 });
const mute: Reading = { stdout: '', stderr: 'no answer', exitCode: 1 };

const containers = serviceDefinitions(lab).map(({ container, service }) => ({
  ...{ name: container, service, restarts: 0, upSeconds: 9_000, oomKilled: false },
  ...(service === 'redis' ? { status: 'exited', health: '' } : { status: 'running', health: 'healthy' }),
}));
const DOCKER: [Command, Reading] = [
  dockerNow.read,
  ok(JSON.stringify({ containers, networks: [], ports: [] })),
];
const SWAP: [Command, Reading] = [
  memoryNow.read,
  ok('MemTotal: 1000 kB\nMemAvailable: 500 kB\nSwapTotal: 1000 kB\nSwapFree: 40 kB\n'),
];

const sysctl = baseSysctl.facts(lab);
const EAGER: [Command, Reading][] = [
  [sysctl.conf.read, ok('644 root root\n')],
  [sysctl.live.read, ok('/proc/sys/vm/swappiness:60\n')],
];

function look(...answers: [Command, Reading][]) {
  const read = async (commands: readonly Command[]): Promise<Reading[]> =>
    commands.map((command) => answers.find(([asked]) => same(asked, command))?.[1] ?? mute);
  const host = { via: { user: 'deploy', port: 9922 }, read } as unknown as Host;
  const secrets = {
    redact: (text: string) => text.replaceAll('exited', '«secret»'),
    missing: async () => [],
    reveal: async () => 'a value of nobody',
  };
  const deps = { hosts: { open: async () => host }, secrets, now: () => 0, pins: {} } as unknown as Deps;
  return diagnose(deps, { server: lab });
}

it('what is seen is concluded from: the likeliest first, each with what its repair would change', async () => {
  const { causes, checks } = await look(DOCKER, SWAP, ...EAGER);
  expect(causes.map(({ id }) => id)).toEqual(['swappiness', 'redis-down', 'memory-promised']);
  const [swappiness, redis] = causes;
  expect(swappiness?.changes).toContain('base.sysctl: set vm.swappiness to 10 (is 60)');
  expect(redis).toMatchObject({ repair: { runbook: 'heal', input: { services: ['redis'] } }, changes: [] });
  expect(checks.slice(0, 2).map(({ id }) => id)).toEqual([
    'diagnose.swap.swappiness',
    'diagnose.redis.redis-down',
  ]);
});

it('a value of a secret is taken out of what is told', async () => {
  const { causes, checks } = await look(DOCKER);
  expect(causes[0]?.evidence).toContain('redis is «secret»');
  expect(JSON.stringify([causes, checks])).not.toContain('exited');
});

it('a host that says nothing: every row is unknown, and none is fine', async () => {
  const { causes, checks } = await look();
  expect(causes).toEqual([]);
  const fine = checks.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
  expect(fine).toEqual([]);
});
