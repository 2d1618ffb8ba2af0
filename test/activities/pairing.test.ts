// The decision as a task: the one that was shown and nobody else, done once whatever is lost on the way, and read back.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Beat } from '../../src/activities/beat.js';
import { decidePairing, pairing } from '../../src/activities/pairing.js';
import type { JobSpec } from '../../src/activities/script.js';
import type { PairingRequest, Reading } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';
import { jobDeps } from './job-deps.js';

const captured = (name: string): Reading => {
  const stdout = readFileSync(join(import.meta.dirname, '../commands/openclaw', `${name}.txt`), 'utf8');
  return { stdout, stderr: '', exitCode: 0 };
};
const waits = captured('pairing-waiting-2026.3');
const nobody = captured('pairing-2026.3');
const silent: Reading = { stdout: '', stderr: 'gateway timeout after 60000ms', exitCode: 1 };

const ada: PairingRequest = {
  ...{ id: 'K7QX2M9P', kind: 'person', channel: 'telegram', subject: '4242', name: 'ada', asks: [] },
  ...{ requestedAt: '2026-11-27T06:30:00.000Z', expiresAt: '2026-11-27T07:30:00.000Z' },
};

const server = fixtureServer();
server.channels.telegram.enabled = true;

/** A host that gives these readings in turn, and keeps the jobs that it was given. */
function host(readings: Reading[], { job = 'none', exitCode = 0 } = {}) {
  const jobs: JobSpec[] = [];
  const asked: string[][] = [];
  const machine = {
    // The mark of nobody, or what is known of the job.
    script: async (text: string) => ({ stdout: text.includes('/changes') ? `${job}\n` : 'ours\n' }),
    read: async (commands: readonly (readonly unknown[])[]) => {
      asked.push(commands.map((words) => words.slice(7, 10).join(' ')));
      return commands.map(() => readings.shift()!);
    },
    job: async (spec: JobSpec) => {
      jobs.push(spec);
      return { exitCode, fresh: job === 'none', log: 'what openclaw said' };
    },
  };
  const deps = jobDeps(machine);
  return { deps, jobs, asked };
}

const beat = { signal: new AbortController().signal, say: () => {}, cancelled: () => false } as Beat;
const decide = ({ deps }: ReturnType<typeof host>, request = ada) =>
  decidePairing(
    deps,
    { server, run: 'lab-3f2a', who: 'ada@desk', key: 'k', decision: { act: 'approve', request } },
    beat,
  );

it('lets the one in, says so in the audit log, and reads back that they wait no more', async () => {
  const one = host([waits, nobody]);
  expect((await decide(one)).changes).toEqual([{ what: 'telegram sender 4242 is let in' }]);
  expect(one.jobs).toMatchObject([
    { key: 'k', audit: ['lab-3f2a ada@desk pairing.approve telegram sender 4242 is let in'] },
  ]);
  expect(one.jobs[0]?.body).toContain('pairing approve telegram K7QX2M9P');
  // Only where the request waits: each look costs seconds.
  expect(one.asked).toEqual([['pairing list telegram'], ['pairing list telegram']]);
});

it('does nothing when somebody else has come by that code, or nobody waits by it any more', async () => {
  const other = host([waits]);
  await expect(decide(other, { ...ada, subject: '666' })).rejects.toMatchObject({
    code: 'PAIRING_NOT_FOUND',
  });
  const gone = host([nobody]);
  await expect(decide(gone)).rejects.toMatchObject({ code: 'PAIRING_NOT_FOUND' });
  expect([...other.jobs, ...gone.jobs]).toEqual([]);
});

it('does nothing where it cannot look, and claims nothing where it cannot look again', async () => {
  const before = host([silent]);
  await expect(decide(before)).rejects.toMatchObject({ code: 'FACT_UNKNOWN' });
  expect(before.jobs).toEqual([]);
  await expect(decide(host([waits, silent]))).rejects.toMatchObject({ code: 'PAIRING_FAILED' });
  await expect(decide(host([waits, waits]))).rejects.toThrow(/still waits/);
  await expect(decide(host([waits, nobody], { exitCode: 1 }))).rejects.toThrow(/openclaw ended with 1/);
});

it('an attempt after a lost reply finds what was done: that nobody waits is then no failure', async () => {
  const again = host([nobody], { job: 'exit 0' });
  expect((await decide(again)).changes).toHaveLength(1);
  expect(again.jobs).toHaveLength(1);
});

it('looks at devices and channels one after the other', async () => {
  const one = host([captured('devices-waiting-2026.3'), waits]);
  const { now } = await pairing(one.deps, { server }, beat.signal);
  expect(now.requests.map(({ kind }) => kind)).toEqual(['person', 'device']);
  expect(one.asked).toEqual([['devices list --json'], ['pairing list telegram']]);
});
