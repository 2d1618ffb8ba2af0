// The page as whoever reaches it over a network sees it: who is answered, who is not, and that a secret in clear goes nowhere.
import { readFileSync } from 'node:fs';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { ClincherError } from '../../src/errors.js';
import type { RunState } from '../../src/model.js';
import { seal, unseal } from '../../src/secrets/seal.js';
import { summary } from '../client/fake-control.js';
import { atFailure, confirmGate, tokenGate, waiting } from '../client/states.js';
import { key, pageStage, SCRIPT, tokenOf } from './stage.js';

const identity = await generateX25519Identity();
const sealTo = await identityToRecipient(identity);
const CANARY = 'canary-correct-horse-battery';
const runs = [summary({ status: 'running', endedAt: undefined })];
const atSecret: RunState = { ...waiting, sealTo, gates: [tokenGate] };
const atConfirm: RunState = { ...waiting, gates: [confirmGate] };
const at = ({ id, openedAt }: { id: string; openedAt: string }) => ({
  ...{ server: 'prod', run: 'prod-3f2a', gate: id, openedAt },
});
const asked = (gate: { id: string; openedAt: string }, more: object) => ({
  ...{ run: 'prod-3f2a', gate: gate.id, openedAt: gate.openedAt, value: '' },
  ...more,
});
const code = ({ text }: { text: string }): string =>
  (JSON.parse(text) as { error: { code: string } }).error.code;

describe('whoever reaches it', () => {
  test('gets a shell, a style and a script, and nothing of any run', async () => {
    const { send, home } = await pageStage({ runs, states: { '*': [atSecret] } });
    const host = new URL(home).host;
    for (const [path, type] of [
      ['/', 'text/html'],
      ['/page.css', 'text/css'],
      ['/page.js', 'text/javascript'],
    ] as const) {
      const reply = await send('GET', path, { host });
      expect([reply.status, reply.headers['content-type']]).toEqual([200, `${type}; charset=utf-8`]);
      expect(reply.text).not.toMatch(/prod|telegram/);
    }
    expect((await send('GET', '/page.js', { host })).text).toBe(SCRIPT);
    expect((await send('GET', '/other', { host })).status).toBe(404);
    expect((await send('PUT', '/', { host })).status).toBe(403);
    expect((await send('GET', '/', { host: 'evil.example' })).status).toBe(403);
  });

  test('may run no script but its own, frame it, keep it or be told of it', async () => {
    const { send, home } = await pageStage();
    const { headers } = await send('GET', '/', { host: new URL(home).host });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(headers['content-security-policy']).not.toMatch(/unsafe|data:|\*/);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('who is refused', () => {
  const refusals: [string, Record<string, string | undefined>][] = [
    ['a page of another origin', { origin: 'http://127.0.0.1:1' }],
    ['a page without an origin of its own', { origin: 'null' }],
    ['a request without an origin', { origin: undefined }],
    ['one of our origins at another of our hosts', { origin: 'https://ops.example.ts.net' }],
    ['a name that leads here (DNS rebinding)', { host: 'evil.example', origin: 'http://evil.example' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a text, as a page may send without asking first', { 'content-type': 'text/plain' }],
    ['a browser that says it comes from elsewhere', { 'sec-fetch-site': 'cross-site' }],
  ];
  test.each(refusals)('%s', async (_, headers) => {
    const { ask, links, control } = await pageStage({ runs, states: { '*': [atConfirm] } });
    const ticket = `${tokenOf(await links.mint())}.${key('k')}`;
    const reply = await ask('look', ticket, {}, headers);
    expect([reply.status, code(reply)]).toEqual([403, 'PAGE_REFUSED']);
    expect(control.calls).toEqual([]);
    expect((await ask('look', ticket)).status).toBe(200);
  });

  test('nobody has to come by the page’s far address alone', async () => {
    const { ask, links } = await pageStage({ runs, states: { '*': [atConfirm] } });
    const ticket = `${tokenOf(await links.mint())}.${key('k')}`;
    const far = { host: 'ops.example.ts.net', origin: 'https://ops.example.ts.net' };
    expect((await ask('look', ticket, {}, far)).status).toBe(200);
  });

  test('whoever shows no link, half of one, or another', async () => {
    const { ask, links, control } = await pageStage({ runs, states: { '*': [atConfirm] } });
    const token = tokenOf(await links.mint());
    for (const ticket of [undefined, '', token, `${token}.`, `${key('x')}.${key('k')}`]) {
      const reply = await ask('look', ticket);
      expect([reply.status, code(reply)]).toEqual([401, 'LINK_INVALID']);
    }
    expect(control.calls).toEqual([]);
  });

  test('whoever tries often, and nobody else: a good link is answered all the same', async () => {
    const { ask, links, said } = await pageStage({ runs, states: { '*': [atConfirm] } });
    const ticket = `${tokenOf(await links.mint())}.${key('k')}`;
    const codes: string[] = [];
    for (let n = 0; n < 25; n += 1) codes.push(code(await ask('look', `${key('x')}.${key('k')}`)));
    expect([codes.at(0), codes.at(-1)]).toEqual(['LINK_INVALID', 'PAGE_BUSY']);
    expect((await ask('look', ticket)).status).toBe(200);
    expect(said.filter((line) => line.startsWith('the page refused'))).toHaveLength(20);
    expect(said.join()).not.toContain(key('x'));
  });

  test('a good link that asks without end', async () => {
    const { ask, links } = await pageStage({ runs, states: { '*': [atConfirm] } });
    const ticket = `${tokenOf(await links.mint())}.${key('k')}`;
    const replies = [];
    for (let n = 0; n < 62; n += 1) replies.push((await ask('look', ticket)).status);
    expect([replies[59], replies[60]]).toEqual([200, 429]);
  });
});

describe('a link', () => {
  test('shows all that is open, or the one gate that it is to', async () => {
    const { ask, links } = await pageStage({
      runs,
      states: { '*': [{ ...atSecret, gates: [tokenGate, confirmGate] }] },
    });
    const all = JSON.parse((await ask('look', `${tokenOf(await links.mint())}.${key('k')}`)).text);
    expect(all.gates).toHaveLength(2);
    expect(all.runs).toMatchObject([{ run: 'prod-3f2a', status: 'waiting' }]);
    const one = JSON.parse(
      (await ask('look', `${tokenOf(await links.mint(at(tokenGate)))}.${key('k')}`)).text,
    );
    expect(one).toMatchObject({
      gates: [
        {
          ...{ gate: 'telegram-token', kind: 'secret', words: [], sealTo, shape: 'telegram-bot-token' },
          command: 'clincher answer telegram-token -s prod --secret-file <file>',
        },
      ],
    });
    expect(one.runs).toBeUndefined();
  });

  test('to a failed step says what happened and what mends it', async () => {
    const { ask, links } = await pageStage({ runs, states: { '*': [atFailure] } });
    const [seen] = JSON.parse((await ask('look', `${tokenOf(await links.mint())}.${key('k')}`)).text).gates;
    expect(seen).toMatchObject({ kind: 'failed', words: ['retry', 'skip', 'abort'] });
    const step = atFailure.groups.flatMap(({ steps }) => steps).find(({ error }) => error)!;
    const text = seen.failure.join('\n');
    expect(text).toContain(step.error!.message.split('\n')[0]);
    expect(text).toContain(`clincher docs ${step.error!.code}`);
  });

  test('opens in one browser: for the next it is used, before and after its answer', async () => {
    const { ask, links } = await pageStage({ runs, states: { '*': [atConfirm] } });
    const token = tokenOf(await links.mint(at(confirmGate)));
    expect((await ask('look', `${token}.${key('a')}`)).status).toBe(200);
    expect((await ask('look', `${token}.${key('a')}`)).status).toBe(200);
    const replayed = await ask('look', `${token}.${key('b')}`);
    expect([replayed.status, code(replayed)]).toEqual([410, 'LINK_USED']);
  });

  test('takes one answer to its own gate, which the run knows by where it came from', async () => {
    const { ask, links, control, said } = await pageStage({ runs, states: { '*': [atConfirm] } });
    const ticket = `${tokenOf(await links.mint(at(confirmGate)))}.${key('a')}`;
    const other = await ask('answer', ticket, asked(tokenGate, { value: 'yes' }));
    expect([other.status, code(other)]).toEqual([401, 'LINK_INVALID']);
    const reply = await ask('answer', ticket, asked(confirmGate, { value: 'yes' }));
    expect([reply.status, JSON.parse(reply.text)]).toEqual([200, { gate: 'reboot-now', accepted: true }]);
    expect(control.asked('answer')[0]?.slice(0, 2)).toEqual([
      'prod-3f2a',
      { gate: 'reboot-now', value: 'yes', who: 'page@127.0.0.1' },
    ]);
    const again = await ask('answer', ticket, asked(confirmGate, { value: 'no' }));
    expect([again.status, code(again)]).toEqual([410, 'LINK_USED']);
    expect(control.asked('answer')).toHaveLength(1);
    expect(said.join('\n')).toContain('the page took an answer');
  });

  test('is not spent by an answer that was not taken', async () => {
    const receipts = [{ gate: 'reboot-now', accepted: false, reason: 'not like this' }];
    const { ask, links } = await pageStage({ runs, states: { '*': [atConfirm] }, receipts });
    const ticket = `${tokenOf(await links.mint(at(confirmGate)))}.${key('a')}`;
    const first = await ask('answer', ticket, asked(confirmGate, { value: 'yes' }));
    expect(JSON.parse(first.text)).toMatchObject({ accepted: false, reason: 'not like this' });
    expect((await ask('answer', ticket, asked(confirmGate, { value: 'perhaps' }))).status).toBe(400);
    expect(
      JSON.parse((await ask('answer', ticket, asked(confirmGate, { value: 'yes' }))).text).accepted,
    ).toBe(true);
  });

  test('is to the gate as it was opened then: one of its name, opened anew, is another', async () => {
    const reopened = { ...confirmGate, openedAt: '2026-11-22T13:00:00.000Z' };
    const answered = [{ ...confirmGate, answeredAt: '', who: 'ada@laptop', value: 'no' }];
    const { ask, links, control } = await pageStage({
      runs,
      states: { '*': [{ ...atConfirm, gates: [reopened], answered }] },
    });
    const ticket = `${tokenOf(await links.mint(at(confirmGate)))}.${key('a')}`;
    const reply = await ask('look', ticket);
    expect([reply.status, code(reply)]).toEqual([410, 'NO_SUCH_GATE']);
    expect(reply.text).toContain('was answered by ada@laptop');
    expect((await ask('answer', ticket, asked(confirmGate, { value: 'yes' }))).status).toBe(410);
    expect(control.asked('answer')).toEqual([]);
  });

  test('sent twice at once is one answer', async () => {
    const { ask, links, control } = await pageStage({ runs, states: { '*': [atConfirm] } });
    const ticket = `${tokenOf(await links.mint(at(confirmGate)))}.${key('a')}`;
    await ask('look', ticket);
    const say = () => ask('answer', ticket, asked(confirmGate, { value: 'yes' }));
    const replies = await Promise.all([say(), say(), say()]);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(control.asked('answer')).toHaveLength(1);
  });

  test('two people at once, each with a link: the run takes one, and the other is told', async () => {
    const stage = await pageStage({ runs, states: { '*': [atConfirm] } });
    const { ask, links, control } = stage;
    let calls = 0;
    const takeOne = control.answer.bind(control);
    control.answer = async (...args) => {
      calls += 1;
      if (calls > 1)
        throw new ClincherError('NO_SUCH_GATE', 'reboot-now was answered a moment ago by page@127.0.0.1');
      return takeOne(...args);
    };
    const [a, b] = await Promise.all(
      ['a', 'b'].map(async (letter) => `${tokenOf(await links.mint(at(confirmGate)))}.${key(letter)}`),
    );
    const replies = await Promise.all(
      [a, b].map((ticket) => ask('answer', ticket, asked(confirmGate, { value: 'yes' }))),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 410]);
  });
});

describe('a secret', () => {
  const linked = async () => {
    const stage = await pageStage({ runs, states: { '*': [atSecret] } });
    return { ...stage, ticket: `${tokenOf(await stage.links.mint(at(tokenGate)))}.${key('a')}` };
  };

  test('goes on sealed, for the worker’s key alone', async () => {
    const { ask, control, ticket } = await linked();
    const sealed = await seal(CANARY, sealTo);
    expect((await ask('answer', ticket, asked(tokenGate, { sealed }))).status).toBe(200);
    const sent = control.asked('answer')[0]?.[1] as { value: string; sealed: string };
    expect(sent.value).toBe('');
    expect(await unseal(sent.sealed, identity)).toBe(CANARY);
  });

  test('in clear goes nowhere: not to the engine, not into a log, not into an answer', async () => {
    const { ask, control, ticket, said, send, home } = await linked();
    const wrong = [
      { value: CANARY },
      { sealed: CANARY },
      { value: CANARY, sealed: `-----BEGIN AGE ENCRYPTED FILE-----\n${CANARY}` },
      { token: CANARY },
    ];
    for (const body of wrong) {
      const reply = await ask('answer', ticket, asked(tokenGate, body));
      expect([reply.status, code(reply)]).toEqual([400, 'ANSWER_INVALID']);
      expect(reply.text).not.toContain('canary');
    }
    const headers = { host: new URL(home).host, origin: home, 'content-type': 'application/json' };
    const broken = await send(
      'POST',
      '/api/answer',
      { ...headers, authorization: `Bearer ${ticket}` },
      `{"${CANARY}`,
    );
    expect(broken.status).toBe(400);
    const long = await ask('answer', ticket, { sealed: 'x'.repeat(70_000) });
    expect([long.status, JSON.parse(long.text).error.message]).toEqual([400, 'The answer is too long.']);
    expect(control.asked('answer')).toEqual([]);
    expect(said.join('\n') + broken.text).not.toContain('canary');
  });
});

test('what the page itself does wrong is in the log, and in no answer', async () => {
  const { ask, links, said } = await pageStage({ runs });
  const broken = { ...links, open: async () => Promise.reject(new Error('disk of /secret/path is full')) };
  Object.assign(links, { open: broken.open });
  const reply = await ask('look', `${key('x')}.${key('k')}`);
  expect([reply.status, code(reply)]).toEqual([500, 'INTERNAL']);
  expect(reply.text).not.toContain('/secret/path');
  expect(said.join()).toContain('/secret/path');
});

test('the file of links has no link in it, and is its owner’s', async () => {
  const { links, file } = await pageStage();
  const token = tokenOf(await links.mint());
  expect(readFileSync(file, 'utf8')).not.toContain(token);
  await expect(links.open({ token, key: key('k') })).resolves.toMatchObject({
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(readFileSync(file, 'utf8')).not.toContain(key('k'));
});
