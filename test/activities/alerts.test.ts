// Who is told: the first channel that takes it; and nobody is never taken for somebody.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { remind, tell, tryChannels } from '../../src/activities/alerts.js';
import type { Deps } from '../../src/activities/deps.js';
import { ClincherError } from '../../src/errors.js';
import type { AlertChannel, Notice } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';

const got: Record<string, unknown>[] = [];
const receiver = createServer((asked, answer) => {
  let text = '';
  asked.on('data', (part: Buffer) => {
    text += part;
  });
  asked.on('end', () => {
    const isTaken = asked.url !== '/full/';
    if (isTaken) got.push(JSON.parse(text));
    answer.writeHead(isTaken ? 200 : 507).end('quota of hunter22 reached');
  });
});
let base = '';
beforeAll(async () => {
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterAll(() => receiver.close());

const deps = {
  secrets: {
    reveal: async (ref: string) => {
      if (ref.endsWith('missing')) throw new ClincherError('SECRET_MISSING', `${ref} has no value`);
      return 'hunter22';
    },
    redact: (text: string) => text.replaceAll('hunter22', '•••'),
  },
} as unknown as Deps;

const ntfy = (path: string, secret?: string): AlertChannel => ({
  ...{ type: 'ntfy', url: `${base}${path}`, port: 587, to: [], secret },
});
const server = (...channels: AlertChannel[]) => fixtureServer({ alerts: { channels, gate_minutes: 10 } });
const notice: Notice = {
  ...{ server: 'lab', level: 'warning', title: 'hunter22 was seen', lines: ['in hunter22'] },
};

it('the first that takes it has it; those before are named, with why', async () => {
  const count = got.length;
  const told = await tell(deps, {
    ...{ notice, server: server(ntfy('/full/a', 'secret://lab/token'), ntfy('/b'), ntfy('/c')) },
  });
  expect(told).toEqual({
    by: `ntfy ${base}/b`,
    missed: [{ channel: `ntfy ${base}/full/a`, why: 'it answers 507: quota of ••• reached' }],
  });
  expect(got.slice(count).map(({ topic }) => topic)).toEqual(['b']);
});

it('no secret leaves this machine in it', () =>
  expect(got.at(-1)).toMatchObject({ title: '[lab] ••• was seen', message: 'in •••' }));

it('none takes it: an error that is tried again, with each reason', async () => {
  const asked = tell(deps, { notice, server: server(ntfy('/full/a'), ntfy('/b', 'secret://lab/missing')) });
  await expect(asked).rejects.toMatchObject({
    code: 'NOBODY_TOLD',
    evidence: [expect.stringContaining('507'), expect.stringContaining('secret://lab/missing has no value')],
  });
});

it('no channels: nobody, and no error', async () =>
  expect(await tell(deps, { notice, server: server() })).toEqual({ missed: [] }));

it('a test goes through each, whatever becomes of the others', async () => {
  const steps = await tryChannels(deps, { server: server(ntfy('/full/a'), ntfy('/b')), who: 'ada@desk' });
  expect(steps.map(({ title, status }) => [title, status])).toEqual([
    [`ntfy ${base}/full/a`, 'failed'],
    [`ntfy ${base}/b`, 'ok'],
  ]);
  expect(got.at(-1)).toMatchObject({ title: '[lab] this is a test', priority: 3 });
});

it('a gate that waits: since when, the command that answers it, a link where there is a page', async () => {
  const openedAt = '2026-11-22T12:00:00.000Z';
  const minted: unknown[] = [];
  const page = { mint: async (at: unknown) => `http://ops/#${minted.push(at)}` };
  const now = (): number => Date.parse(openedAt) + 10 * 60_000;
  const gate = { kind: 'secret' as const, title: 'Paste the token', options: [] as string[], openedAt };
  const asked = { run: 'lab-3f2a', gate: 'telegram-token', times: 1, ...gate };
  const environment = new MockActivityEnvironment();
  await environment.run(() => remind({ ...deps, page, now }, { ...asked, server: server(ntfy('/b')) }));
  expect(got.at(-1)).toMatchObject({
    title: '[lab] lab-3f2a waits for you: Paste the token',
    message: [
      'It has waited for 10 minutes.',
      'clincher answer telegram-token -s lab --secret-file <file>',
      'http://ops/#1',
      'clincher follow lab-3f2a',
    ].join('\n'),
  });
  expect(minted).toEqual([{ server: 'lab', run: 'lab-3f2a', gate: 'telegram-token', openedAt }]);
  const count = got.length;
  await environment.run(() => remind({ ...deps, page, now }, { ...asked, server: server() }));
  expect([got.length, minted.length]).toEqual([count, 1]);
  const broken = { mint: async () => Promise.reject(new Error('the disk is full')) };
  await environment.run(() =>
    remind({ ...deps, page: broken, now }, { ...asked, server: server(ntfy('/b')) }),
  );
  expect(got.at(-1)?.['message']).toMatch(/^It has waited .*\nclincher answer .*\nclincher follow/);
  await environment.run(() => remind({ ...deps, now }, { ...asked, server: server(ntfy('/b')) }));
  expect(got.at(-1)?.['message']).not.toContain('http://ops');
});
