// What an audit export asks through a worker: looks that take no lock, and say what they were told.
import { expect, it } from 'vitest';
import type { RunState } from '../../src/model.js';
import { failing, fakes, stackInput, useStage } from './harness.js';

const stage = useStage();

const tell = (workflow: string, set: ReturnType<typeof fakes>, more: object): Promise<RunState> =>
  stage.tell(workflow, set, (story) => story.handle.result() as Promise<RunState>, {
    ...stackInput(),
    ...more,
  });

it('a page of the log, from where it is asked for', async () => {
  const asked: unknown[] = [];
  const page = { lines: ['one'], more: true };
  const set = fakes({
    readAudit: async ({ question }) => {
      asked.push(question);
      return { page, remote: [[0, 7]] };
    },
  });
  const question = { since: '2026-11-01T00:00:00.000Z', skip: 400 };
  expect(await tell('auditLog', set, { question })).toMatchObject({
    ...{ runbook: 'audit-log', status: 'done', remoteMs: 7, audit: { page } },
  });
  expect([asked, set.calls]).toEqual([[question], ['readAudit']]);
});

it('a signature, or the public key alone; a log that cannot be read is no empty one', async () => {
  const set = fakes({
    signAudit: async ({ sign }) => ({ publicKey: 'AAAA', ...(sign && { signature: `of ${sign.count}` }) }),
    readAudit: () => Promise.reject(failing('FACT_UNKNOWN')),
  });
  const sign = { count: 7, head: 'ab' };
  expect((await tell('auditSign', set, { sign })).audit?.signed).toEqual({
    publicKey: 'AAAA',
    signature: 'of 7',
  });
  expect((await tell('auditSign', set, {})).audit?.signed).toEqual({ publicKey: 'AAAA' });
  await expect(tell('auditLog', set, { question: { skip: 0 } })).rejects.toThrow();
});
