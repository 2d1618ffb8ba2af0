// The host counts as back in another boot alone: whatever is lost on the way, it is told once, and one that stays away is an error.
import { expect, it } from 'vitest';
import type { Beat } from '../../src/activities/beat.js';
import type { Deps } from '../../src/activities/deps.js';
import { rebootHost } from '../../src/activities/reboot.js';
import type { JobSpec } from '../../src/activities/script.js';
import { ClincherError, type ErrorCode } from '../../src/errors.js';
import type { Command } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';

const server = fixtureServer();
const MINUTE = 60_000;
const boot = (id: string): string =>
  `boot ${id}\nnow 1764200034500\nkernel 6.1.0-31-amd64\nleft before 1764200000000\n`;
const gone = (code: ErrorCode): ClincherError => new ClincherError(code, `${code} happened`);

/** What each attempt to reach the host meets, in turn; the last one stays. */
function world(turns: (string | ClincherError)[], { exitCode = 0 } = {}) {
  const jobs: JobSpec[] = [];
  const scripts: string[] = [];
  let now = 0;
  const machine = (turn: string) => ({
    script: async (text: string) => {
      scripts.push(text);
      return { stdout: '', stderr: '', code: 0 };
    },
    read: async (commands: readonly Command[]) =>
      commands.map((words) => ({
        stdout: String(words[2]).includes('boot_id')
          ? boot(turn)
          : 'degraded\nplymouth.service loaded failed failed x\n',
        ...{ stderr: '', exitCode: 0 },
      })),
    job: async (spec: JobSpec) => {
      jobs.push(spec);
      return { exitCode, fresh: jobs.length === 1, log: 'Operation inhibited by backup' };
    },
    stop: async () => {},
  });
  const deps = {
    hosts: {
      open: async () => {
        const turn = turns.length > 1 ? turns.shift()! : turns[0]!;
        if (turn instanceof ClincherError) throw turn;
        return machine(turn);
      },
      drop: () => {},
    },
    secrets: { redact: (text: string) => text },
    log: { append: async () => {} },
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  } as unknown as Deps;
  const beat = { signal: new AbortController().signal, say: () => {}, cancelled: () => false } as Beat;
  const task = { server, run: 'lab-3f2a', who: 'ada@desk', task: 'reboot.host', key: 'r.reboot.host.0' };
  const go = () => rebootHost(deps, { ...task, bootId: 'before', untilMs: 15 * MINUTE }, beat);
  return { go, jobs, scripts, now: () => now };
}

it('patient with whatever a host says as it goes and comes; back is another boot', async () => {
  const away = ['UNREACHABLE', 'HOST_LOST', 'AUTH_REFUSED', 'DEADLINE'] as const;
  const { go, jobs, scripts } = world(['before', 'before', ...away.map(gone), 'before', 'after']);
  const { changes } = await go();
  expect(changes[0]?.what).toBe(
    'lab is back after 34.5 s, with kernel 6.1.0-31-amd64; systemd says degraded; units that failed: plymouth.service',
  );
  expect(new Set(jobs.map(({ key }) => key))).toEqual(new Set(['r.reboot.host.0']));
  expect(scripts.join()).toContain('clincher-probe-r');
});

it('an attempt that finds another boot already does nothing: the one before has done it', async () => {
  const { go, jobs } = world(['after']);
  await go();
  expect(jobs).toEqual([]);
});

it.each([
  ['stays away', gone('UNREACHABLE'), 'UNREACHABLE happened'],
  ['stays in its boot', 'before', 'it still runs in the boot of before'],
])('a host that %s within its time is an error that says what to do there', async (_, turn, evidence) => {
  const { go, now } = world([turn]);
  const error = (await go().catch((seen: unknown) => seen)) as ClincherError;
  expect(error).toMatchObject({ code: 'NOT_BACK', exitCode: 5, evidence: [evidence] });
  expect(error.remedy.join('\n')).toContain('console at the provider');
  expect(now()).toBeGreaterThan(15 * MINUTE);
});

it('another key than the pinned one is never waited for', async () =>
  expect(world(['before', gone('HOST_KEY_MISMATCH')]).go()).rejects.toMatchObject({
    code: 'HOST_KEY_MISMATCH',
  }));

it.each([
  [1, 'STEP_FAILED'],
  [75, 'LOCKED'],
])('a command that ends with %s is no host that is away', async (exitCode, code) =>
  expect(world(['before'], { exitCode }).go()).rejects.toMatchObject({ code }),
);
