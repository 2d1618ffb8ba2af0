// One look of the watchdog over a host that answers some of it: what is unknown is told, and what was counted stays.
import { expect, it } from 'vitest';
import type { Deps } from '../../src/activities/deps.js';
import type { Host } from '../../src/activities/host.js';
import { watchServer } from '../../src/activities/watchdog.js';
import { dockerNow } from '../../src/commands/docker-api.js';
import { memoryNow } from '../../src/commands/host-load.js';
import { clock } from '../../src/commands/machine.js';
import { mark } from '../../src/commands/mark.js';
import type { Command, Reading } from '../../src/model.js';
import { serviceDefinitions } from '../../src/stack/services.js';
import { server } from '../steps/fixture.js';

const NOW = Date.UTC(2026, 10, 28);
const lab = server({ proxy: { ...server().proxy, kind: 'none' } });
const same = (a: Command, b: Command): boolean => JSON.stringify(a) === JSON.stringify(b);
const ok = (stdout: string): Reading => ({ stdout, stderr: '', exitCode: 0 });
const mute: Reading = { stdout: '', stderr: 'no answer', exitCode: 1 };

const containers = (restarts: number) =>
  serviceDefinitions(lab).map(({ container }) => ({
    ...{
      name: container,
      status: 'running',
      health: 'healthy',
      restarts,
      upSeconds: 9_000,
      oomKilled: false,
    },
  }));
const docker = (restarts: number): Reading =>
  ok(JSON.stringify({ containers: containers(restarts), networks: [], ports: [] }));

function look(answers: [Command, Reading][], restarts = {}, inFull = false) {
  const read = async (commands: readonly Command[]): Promise<Reading[]> =>
    commands.map((command) => answers.find(([asked]) => same(asked, command))?.[1] ?? mute);
  const host = { via: { user: 'deploy', port: 9922 }, read } as unknown as Host;
  const deps = { hosts: { open: async () => host }, now: () => NOW } as unknown as Deps;
  return watchServer(deps, { server: lab, restarts, inFull });
}
const CLOCK: [Command, Reading] = [clock.read, ok(`${NOW / 1000}`)];
const openclaw = (seen: number) => ({ openclaw: { seen, rises: [] } });

it('what answers is judged; what does not is told as unknown, by a name of its own', async () => {
  const seen = await look([CLOCK, [dockerNow.read, docker(0)]], {}, true);
  expect(seen.judged).toEqual(['watch.services', 'watch.restarts', 'watch.oom', 'watch.clock']);
  const memory = seen.symptoms.find(({ key }) => key === 'watch.memory?');
  expect(memory).toMatchObject({ level: 'warning', looks: 2 });
  expect(memory?.text).toMatch(/^watch\.memory is unknown: /);
  expect(seen.checks.find(({ id }) => id === 'watch.memory')?.verdict).toBe('unknown');
  expect(seen.checks.find(({ id }) => id === 'watch.clock')?.verdict).toBe('pass');
});

it('what is well is shown to whoever asks for it, and fills no history', async () => {
  const short = ok('MemTotal: 1000 kB\nMemAvailable: 10 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n');
  const seen = await look([CLOCK, [memoryNow.read, short]]);
  expect(seen.checks).toEqual([]);
  expect(seen.symptoms).toContainEqual(expect.objectContaining({ key: 'watch.memory', level: 'critical' }));
});

it('counters go on from the look before; where Docker does not answer they are as they were', async () => {
  const risen = await look([CLOCK, [dockerNow.read, docker(7)]], openclaw(2));
  expect(risen.restarts['openclaw']).toEqual({ seen: 7, rises: [{ atMs: NOW, by: 5 }] });
  expect(risen.symptoms.map(({ key }) => key)).toContain('watch.restarts:openclaw');
  expect((await look([CLOCK], openclaw(2))).restarts).toEqual(openclaw(2));
});

it('a run that is at work is known by its mark', async () => {
  const text = JSON.stringify({ plane: 'p', run: 'prod-3f2a', who: 'ada', since: 'now' });
  expect((await look([CLOCK, [mark.read, ok(text)]])).heldBy).toBe('prod-3f2a');
  expect(await look([CLOCK])).not.toHaveProperty('heldBy');
});
