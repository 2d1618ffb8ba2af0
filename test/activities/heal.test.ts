// A channel that the gateway holds back: asked for by its own way back, and called started only where the gateway says so.
import { expect, it } from 'vitest';
import type { Beat } from '../../src/activities/beat.js';
import { startChannel } from '../../src/activities/heal.js';
import type { JobSpec } from '../../src/activities/script.js';
import { fixtureServer } from '../fixture-server.js';
import { jobDeps } from './job-deps.js';

const beat = { signal: new AbortController().signal, say: () => {}, cancelled: () => false } as Beat;

function started(log: string) {
  const jobs: JobSpec[] = [];
  const machine = {
    script: async () => ({ stdout: 'ours\n' }),
    job: async (spec: JobSpec) => {
      jobs.push(spec);
      return { exitCode: 0, fresh: true, log };
    },
  };
  const deps = jobDeps(machine);
  const input = {
    server: fixtureServer(),
    run: 'lab-3f2a',
    who: 'ada',
    key: 'k',
    task: 'heal.start-telegram',
  };
  return { jobs, done: startChannel(deps, { ...input, channel: 'telegram' }, beat) };
}

it('the gateway says that it has started it', async () => {
  const { jobs, done } = started('{"channel":"telegram","accountId":"default","started": true}');
  expect((await done).changes).toEqual([{ what: 'the gateway was told to start telegram, and did' }]);
  expect(jobs[0]?.body).toContain('channels.start');
  expect(jobs[0]?.body).toContain('{"channel":"telegram"}');
});

it('an older one takes the word and starts nothing', async () => {
  await expect(started('{"channel":"telegram","started":false}').done).rejects.toMatchObject({
    code: 'NOT_HEALED',
    message: expect.stringContaining('did not start telegram'),
  });
});
