// The list is tried before it is in force, and every door is asked until it is as it should be, or time is up.
import { expect, it } from 'vitest';
import type { EgressLook } from '../../src/activities/api.js';
import type { Beat } from '../../src/activities/beat.js';
import type { Deps } from '../../src/activities/deps.js';
import { lookAtEgress, proveEgress, tryEgress } from '../../src/activities/egress.js';
import type { JobSpec } from '../../src/activities/script.js';
import { NOT_TAKEN } from '../../src/commands/egress.js';
import type { Reading } from '../../src/model.js';
import { egressAcl } from '../../src/stack/egress-acl.js';
import { withExtras } from '../../src/stack/egress-extras.js';
import { fixtureServer } from '../fixture-server.js';

const bare = fixtureServer();
bare.providers = {};
bare.channels.telegram.enabled = false;
const server = withExtras(bare, [{ domain: 'new.example.org', reason: 'as it is meant' }]);
const NOBODY = 'clincher-refused.example.com:443';

const json = (value: unknown): Reading => ({ stdout: JSON.stringify(value), stderr: '', exitCode: 0 });
const answer = (fresh: number, nobody = 407): Reading =>
  json({ 'new.example.org:443': { status: fresh }, [NOBODY]: { status: nobody } });

/** A host that gives these readings in turn, the last one again and again; its clock goes with each pause. */
function host(readings: Reading[], exitCode = 0) {
  const jobs: JobSpec[] = [];
  let now = 0;
  const machine = {
    script: async () => ({ stdout: 'ours\n' }),
    read: async () => [readings.length > 1 ? readings.shift()! : readings[0]!],
    job: async (spec: JobSpec) => {
      jobs.push(spec);
      return { exitCode, fresh: true, log: 'default_rule: incorrect ACL entry' };
    },
  };
  const deps = {
    hosts: { open: async () => machine },
    secrets: { redact: (text: string) => text },
    log: { append: async () => {} },
    ...{ plane: 'here', now: () => now },
    sleep: async (ms: number) => {
      now += ms;
    },
  } as unknown as Deps;
  return { deps, jobs };
}

const beat = { signal: new AbortController().signal, say: () => {}, cancelled: () => false } as Beat;
const was: EgressLook = {
  ...{ differs: true, domains: [], extras: [], remote: [] },
  said: { 'new.example.org:443': { status: 407 }, [NOBODY]: { status: 407 } },
};
const task = { server, run: 'lab-3f2a', who: 'ada@desk', task: 'egress.try', key: 'k' };

it('a list that is not there is no list to change', async () => {
  const missing = { stdout: '', stderr: 'No such file or directory', exitCode: 1 };
  await expect(lookAtEgress(host([missing]).deps, { server }, beat.signal)).rejects.toMatchObject({
    code: 'DRIFT',
    remedy: ['clincher run provision -s lab'],
  });
});

it('is tried as a job of its own, with the very list and the words of the service', async () => {
  const one = host([]);
  const { changes } = await tryEgress(one.deps, task, beat);
  expect(changes).toEqual([{ what: 'Smokescreen starts with the list of 1 domains' }]);
  expect(one.jobs).toMatchObject([{ key: 'k', audit: ['lab-3f2a ada@desk egress.try'] }]);
  const body = one.jobs[0]!.body;
  expect(body).toContain(Buffer.from(egressAcl(server)).toString('base64'));
  expect(body).toContain('--egress-acl-file=/etc/smokescreen/acl.yaml');
});

it('Smokescreen’s own words where it does not take it; a Docker that fails says nothing of the list', async () => {
  await expect(tryEgress(host([], NOT_TAKEN).deps, task, beat)).rejects.toMatchObject({
    code: 'EGRESS_REFUSED',
    evidence: ['default_rule: incorrect ACL entry'],
  });
  await expect(tryEgress(host([], 125).deps, task, beat)).rejects.toMatchObject({ code: 'STEP_FAILED' });
});

it('a proxy that was only just started is given time', async () => {
  const slow = host([answer(407), answer(407), answer(200)]);
  const { changes } = await proveEgress(slow.deps, { server, was, isUndone: false }, beat);
  expect(changes[0]).toEqual({ what: 'new.example.org: refused before, let out now' });
});

it('and not for ever', async () => {
  await expect(
    proveEgress(host([answer(407)]).deps, { server, was, isUndone: false }, beat),
  ).rejects.toMatchObject({ code: 'EGRESS_BROKEN' });
});

it('undone is proved too: what the change had opened is refused again', async () => {
  const undone = { server: bare, was, isUndone: true };
  expect((await proveEgress(host([answer(407)]).deps, undone, beat)).changes).toEqual([
    { what: '0 others are as before' },
  ]);
  await expect(proveEgress(host([answer(200)]).deps, undone, beat)).rejects.toMatchObject({
    code: 'EGRESS_BROKEN',
  });
});

it('a gateway that cannot be asked is unknown, and not refused', async () => {
  const dead = { stdout: '', stderr: 'No such container: openclaw', exitCode: 1 };
  await expect(proveEgress(host([dead]).deps, { server, was, isUndone: false }, beat)).rejects.toMatchObject({
    code: 'FACT_UNKNOWN',
  });
});
