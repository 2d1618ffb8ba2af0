// One decision about one request under the host's lock, and who waits told at the end of a provision.
import { expect, it } from 'vitest';
import type { DecideInput } from '../../src/activities/api.js';
import type { PairingRequest, RunState } from '../../src/model.js';
import { failing, fakes, nobodyWaits, plan, stackInput, survey, useStage } from './harness.js';

const stage = useStage();

const request: PairingRequest = {
  ...{ id: 'K7QX2M9P', kind: 'person', channel: 'telegram', subject: '4242', name: 'ada', asks: [] },
  ...{ requestedAt: '2026-11-27T06:30:00.000Z', expiresAt: '2026-11-27T07:30:00.000Z' },
};
const start = (act: 'approve' | 'reject' = 'approve') => ({
  ...stackInput({ onFailure: 'abort' }),
  decision: { act, request },
});
const tell = (workflow: string, set: ReturnType<typeof fakes>, from = stackInput()): Promise<RunState> =>
  stage.tell(workflow, set, (story) => story.handle.result() as Promise<RunState>, from);

it('decides once, with a key of its own, and frees the host', async () => {
  const asked: DecideInput[] = [];
  const set = fakes({
    decidePairing: async (one) => {
      asked.push(one);
      return { changes: [{ what: 'telegram sender 4242 is let in' }], remote: [] };
    },
  });
  const state = await tell('pairing', set, start());
  expect(state).toMatchObject({ status: 'done', outcome: { changed: 1, failed: 0 } });
  expect(state.groups[0]?.steps[0]?.changes).toEqual([{ what: 'telegram sender 4242 is let in' }]);
  expect(asked).toMatchObject([{ decision: { act: 'approve', request }, who: 'ada@desk' }]);
  expect(asked[0]?.key).toMatch(/^[0-9a-f-]+\.pairing\.approve\.0$/);
  expect(set.calls).toEqual(['decidePairing', 'release']);
});

it('a code that ended ends the run, with no gate, and frees the host', async () => {
  const set = fakes({ decidePairing: () => Promise.reject(failing('PAIRING_NOT_FOUND')) });
  await expect(tell('pairing', set, start())).rejects.toThrow();
  expect(set.calls).toEqual(['decidePairing', 'release']);
});

it('a look at a host that was set up by hand: no mark, no lock', async () => {
  const found = [{ key: ['ssh', 'port'], value: 2222, from: 'the login that worked' }];
  const set = fakes({ discover: async () => ({ discovered: { found, unknown: [] }, remote: [[0, 7]] }) });
  expect(await tell('discover', set)).toMatchObject({ status: 'done', remoteMs: 7, discovered: { found } });
  expect(set.calls).toEqual(['discover']);
});

it('the list is a look: no mark, no lock', async () => {
  const set = fakes({
    pairing: async () => ({ now: { ...nobodyWaits, requests: [request] }, remote: [[0, 5]] }),
  });
  expect(await tell('pairingRequests', set)).toMatchObject({
    status: 'done',
    remoteMs: 5,
    pairing: { requests: [request] },
  });
  expect(set.calls).toEqual(['pairing']);
});

it('a provision ends with who waits; that it could not be asked is no failure', async () => {
  const converged = {
    survey: async ({ checklist }: { checklist: string }) => survey(checklist, [plan(`${checklist}.a`)]),
  };
  const told = await tell(
    'provision',
    fakes({
      ...converged,
      pairing: async () => ({ now: { ...nobodyWaits, requests: [request] }, remote: [] }),
    }),
  );
  expect(told).toMatchObject({ status: 'done', pairing: { requests: [request] } });
  const broken = fakes({ ...converged, pairing: () => Promise.reject(failing('HOST_LOST')) });
  const state = await tell('provision', broken);
  expect(state.status).toBe('done');
  expect(state.pairing).toBeUndefined();
  expect(broken.calls).toContain('pairing');
});
