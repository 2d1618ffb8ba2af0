// What a person lets be is remembered by what differs: the same again is known, another difference is asked about.
import { expect, it } from 'vitest';
import type { Deps } from '../../src/activities/deps.js';
import { acceptDrift, acceptedDrift } from '../../src/activities/drift.js';
import type { Acceptance } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';

const server = fixtureServer();
const NOW = Date.parse('2026-11-27T12:00:00Z');

/** A host that keeps the list that it is given by stdin, as its own program would. */
function host() {
  const scripts: string[] = [];
  const kept: Acceptance[] = [];
  const machine = {
    script: async (text: string) => {
      scripts.push(text);
      // What goes by stdin is sent in base64, so that no quote can end it.
      const entry = text
        .split(/[^A-Za-z0-9+/=]+/)
        .map((word) => Buffer.from(word, 'base64').toString())
        .find((word) => word.startsWith('{"step":'));
      if (entry) kept.push(JSON.parse(entry) as Acceptance);
      return { code: 0, stdout: '', stderr: '' };
    },
    read: async () => [
      kept.length === 0
        ? { stdout: '', stderr: 'cat: …: No such file or directory', exitCode: 1 }
        : { stdout: JSON.stringify(kept), stderr: '', exitCode: 0 },
    ],
  };
  const deps = { hosts: { open: async () => machine }, now: () => NOW } as unknown as Deps;
  return { deps, scripts };
}

const step = (after = 'b') => ({
  ...{ id: 'base.sshd', changes: [{ what: 'update /etc/x', diff: { path: '/etc/x', before: 'a', after } }] },
});
const by = { server, run: 'lab-3f2a', who: 'eve@desk' };
const known = async ({ deps }: ReturnType<typeof host>, after?: string) =>
  (await acceptedDrift(deps, { server, steps: [step(after)] })).accepted;

it('nothing was accepted on a host that keeps no list', async () => expect(await known(host())).toEqual([]));

it('the same difference is known by who and when, another one is not', async () => {
  const one = host();
  await acceptDrift(one.deps, { ...by, step: step() });
  expect(await known(one)).toMatchObject([
    { step: 'base.sshd', who: 'eve@desk', when: '2026-11-27T12:00:00.000Z' },
  ]);
  expect(await known(one, 'c')).toEqual([]);
});

it('the last word counts: what was accepted before another difference is asked about when it is back', async () => {
  const one = host();
  await acceptDrift(one.deps, { ...by, step: step() });
  await acceptDrift(one.deps, { ...by, step: step('c') });
  expect((await known(one)).length).toBe(0);
  expect((await known(one, 'c')).length).toBe(1);
});

it('the host’s own log tells who lets what be', async () => {
  const one = host();
  await acceptDrift(one.deps, { ...by, step: step() });
  expect(one.scripts[0]).toContain('lab-3f2a eve@desk lets be how base.sshd differs: update /etc/x');
});
