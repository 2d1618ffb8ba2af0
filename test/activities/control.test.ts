// The move to another control plane on a host that only answers: what is sent, in which order, and what is never begun.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Beat } from '../../src/activities/beat.js';
import {
  adoptThere,
  carryOver,
  pauseSchedules,
  resumeSchedules,
  seeControl,
} from '../../src/activities/control.js';
import { judgedPorts } from '../../src/activities/control-verdicts.js';
import type { ControlSchedules, Deps } from '../../src/activities/deps.js';
import type { JobSpec } from '../../src/activities/script.js';
import { fixtureServer } from '../fixture-server.js';

const THERE = '00000000-0000-4000-8000-000000000001';
const tower = fixtureServer({ name: 'tower', role: 'monitor', watched: [] });
const prod = fixtureServer({ name: 'prod' });
const beat = { signal: new AbortController().signal, say: () => {}, cancelled: () => false } as Beat;

const move = {
  ...{ servers: [tower, prod], owner: '/home/you/clincher.yaml', config: 'version: 1\n', lock: '' },
  ...{ keys: [], recipients: ['age1you'] },
};
const asked = { server: tower, run: 'tower-3f2a', who: 'ada@desk', task: 'move', key: 'k', move };

/** `owned`: servers that say they are theirs; a job makes `adopted` so. */
function scene(owned: string[], schedules: Partial<ControlSchedules> = {}, adopted = ['tower', 'prod']) {
  const jobs: JobSpec[] = [];
  const open = async (server: { name: string }) => ({
    read: async (commands: readonly (readonly unknown[])[]) =>
      commands.map((command) => {
        const text = JSON.stringify(command);
        const stdout = text.includes('plane-id')
          ? THERE
          : text.includes('age-keygen')
            ? 'age1there\n'
            : owned.includes(server.name)
              ? JSON.stringify({ plane: THERE })
              : '';
        return { stdout, stderr: '', exitCode: 0 };
      }),
    job: async (spec: JobSpec) => {
      jobs.push(spec);
      owned.push(...adopted);
      return { exitCode: 0, fresh: true, log: '' };
    },
  });
  const deps = {
    hosts: { open },
    secrets: {
      redact: (text: string) => text,
      handOver: async (_: unknown, recipients: readonly string[]) => `closed for ${recipients.join()}`,
    },
    log: { append: async () => {} },
    schedules,
    now: () => 0,
  } as unknown as Deps;
  return { deps, jobs };
}

/** Contents travel as base64, so that no byte of them meets the shell. */
const sent = (body: string): string =>
  [...body.matchAll(/printf %s (\S+) \| base64 -d/g)]
    .map(([, text = '']) => Buffer.from(text.replaceAll("'", ''), 'base64').toString())
    .join('\n');

it('the control plane there is known by its name, and what it has by what servers say', async () => {
  const { deps } = scene(['prod']);
  expect(await seeControl(deps, { server: tower, servers: move.servers })).toMatchObject({
    plane: THERE,
    owned: ['prod'],
  });
});

it('the vault is closed for the key there alone; everything is for its workers alone', async () => {
  const from = join(mkdtempSync(join(tmpdir(), 'cl-')), 'id');
  writeFileSync(from, 'PRIVATE');
  const { deps, jobs } = scene([]);
  const keys = [{ from, to: '/srv/clincher/keys/id' }];
  await carryOver(deps, { ...asked, move: { ...move, keys } }, beat);
  const [{ body, audit, changes }] = jobs as [JobSpec];
  expect(sent(body)).toContain('closed for age1there');
  expect(sent(body)).toContain('PRIVATE');
  expect(body.match(/ 0600 1000 1000/g)).toHaveLength(3);
  expect(JSON.stringify([audit, changes])).not.toContain('PRIVATE');
});

it('the server itself is adopted last: afterwards no job of ours begins on it', async () => {
  const { deps, jobs } = scene([]);
  await adoptThere(deps, asked, beat);
  const names = [...(jobs[0]?.body ?? '').matchAll(/adopt -s (\w+)/g)].map(([, name]) => name);
  expect(names).toEqual(['prod', 'tower']);
});

it('what is theirs already is not adopted again', async () => {
  const { deps, jobs } = scene(['tower', 'prod']);
  expect((await adoptThere(deps, asked, beat)).changes).toEqual([]);
  expect(jobs).toEqual([]);
});

it('a server that does not say afterwards that it is theirs is not called moved', async () => {
  const { deps } = scene([], {}, ['prod']);
  const refused = adoptThere(deps, asked, beat);
  await expect(refused).rejects.toMatchObject({ code: 'NOT_MOVED', message: 'not adopted: tower' });
});

it('while another run is open nothing stands still', async () => {
  const { deps } = scene([], { openRuns: async () => ['prod-0000'], pause: async () => ['never'] });
  await expect(pauseSchedules(deps, asked)).rejects.toMatchObject({ code: 'LOCKED' });
});

it('only schedules of servers that are not theirs go on here', async () => {
  const resumed: unknown[] = [];
  const { deps } = scene(['prod'], {
    resume: async (...words) => {
      resumed.push(...words);
      return ['x'];
    },
  });
  await resumeSchedules(deps, asked);
  expect(resumed).toEqual(['/home/you/clincher.yaml', ['tower'], 'moved to tower']);
});

it('a port that is open to others, or that nobody answers on, is no proof', () => {
  const at = (address: string) => [7233, 8080, 8081].map((port) => ({ address, port }));
  expect(judgedPorts(at('127.0.0.1'), ['127.0.0.1:7233']).verdict).toBe('pass');
  expect(judgedPorts(at('0.0.0.0'), []).evidence).toContain('0.0.0.0:7233 is open to others');
  expect(judgedPorts(at('127.0.0.1'), ['0.0.0.0:8081']).verdict).toBe('fail');
  expect(judgedPorts([], []).evidence).toContain('nobody listens on 127.0.0.1:7233');
});
