// `clincher audit`: what an export says and does not say, that it holds, and what is said of one that does not.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { statement } from '../../src/audit/chain.js';
import { keyFingerprint, newAuditKey, publicHalf, signed } from '../../src/audit/key.js';
import { exactly } from '../../src/client/control.js';
import type { AuditRecord, AuditRun, RunState } from '../../src/model.js';
import { summary } from './fake-control.js';
import { type Setting, type Stage, stage } from './stage.js';
import { atFailure, ended, failed, NOON, planned, tokenGate } from './states.js';

const KEY = newAuditKey();
const FINGERPRINT = keyFingerprint(publicHalf(KEY));
const LOG = [
  '2026-11-22T12:00:03Z prod-3f2a ada@laptop base.docker install docker-ce',
  '2026-11-22T12:00:44Z prod-3f2a ada@laptop harden.firewall allow 443/tcp',
];

const first = summary({ run: 'prod-0001', runId: '019a0000-0000-7000-8000-000000000001' });
const second = summary({
  ...{ run: 'prod-0002', runId: '019a0000-0000-7000-8000-000000000002', runbook: 'plan', who: 'schedule' },
  startedAt: '2026-11-22T12:00:30.000Z',
});
const later = summary({ run: 'prod-0003', startedAt: '2026-11-22T12:01:01.000Z', runbook: 'audit-sign' });

const asked = { openedAt: ended.startedAt, answeredAt: ended.startedAt, who: 'bob@desk' };
const provisioned: RunState = {
  ...ended,
  answered: [
    { ...asked, id: 'reboot-now', kind: 'confirm', title: 'Reboot?', value: 'yes' },
    { ...asked, id: 'telegram-token', kind: 'secret', title: 'Token?' },
  ],
};

/** Pages of one line each, so that there is more than one. */
const looks: NonNullable<Setting['looks']> = {
  'audit-sign': ({ sign }) => {
    const signature = sign && { signature: signed(KEY, statement(sign)) };
    return { ...ended, audit: { signed: { publicKey: publicHalf(KEY), ...signature } } };
  },
  'audit-log': ({ question, server }) => {
    const lines = server.name === 'prod' ? LOG.slice(question!.skip, question!.skip + 1) : [];
    return { ...ended, audit: { page: { lines, more: question!.skip + lines.length < LOG.length } } };
  },
};

const here = (more: Setting = {}): Stage =>
  stage({
    runs: [later, second, first],
    states: { [exactly(first)]: [provisioned], [exactly(second)]: [planned] },
    looks,
    ...more,
  });

const records = (text: string): AuditRecord[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AuditRecord);

const runsIn = (text: string): AuditRun[] =>
  records(text).flatMap((record) => (record.kind === 'run' ? [record] : []));

describe('audit export', () => {
  test('a line a run and a line of the log, oldest first, between what it is and who signed it', async () => {
    const { run, io, control } = here();
    expect(await run('audit', 'export', '-s', 'prod')).toBe(0);
    const told = records(io.stdout());
    expect(told.map(({ kind }) => kind)).toEqual(['header', 'run', 'run', 'host', 'host', 'footer']);
    expect(told[0]).toMatchObject({
      servers: ['prod'],
      from: '',
      to: expect.stringMatching(/^2026-11-22T12:01/),
    });
    expect(told.slice(3, 5)).toMatchObject(LOG.map((text) => ({ server: 'prod', text })));
    expect(io.stderr()).toContain(`signed with ${FINGERPRINT}`);
    expect(control.asked('list')[0]).toEqual([{ server: 'prod', since: undefined, limit: 100_000 }]);
  });

  test('of a run: what was done, when, by whom; who answered; what would be done', async () => {
    const { run, io } = here();
    await run('audit', 'export', '-s', 'prod');
    const [did, would] = runsIn(io.stdout());
    expect(did).toMatchObject({
      ...{ run: 'prod-0001', runId: first.runId, runbook: 'provision', who: 'ada@laptop', status: 'done' },
      ...{ startedAt: first.startedAt, endedAt: ended.endedAt, outcome: ended.outcome },
      answered: [
        { id: 'reboot-now', value: 'yes', who: 'bob@desk' },
        { id: 'telegram-token', kind: 'secret', who: 'bob@desk' },
      ],
    });
    expect(did?.steps.map(({ id, changes }) => [id, changes])).toEqual([
      ['base.user', ['create user deploy']],
      ['base.docker', ['install docker-ce', 'start docker.service']],
    ]);
    expect(would).toMatchObject({ runbook: 'plan', who: 'schedule' });
    expect(would?.steps.find(({ id }) => id === 'harden.sshd')).toMatchObject({
      ...{ status: 'pending', changes: ['update /etc/ssh/sshd_config.d/00-clincher.conf'] },
    });
    expect(would?.steps.find(({ id }) => id === 'harden.dns')).toMatchObject({
      error: { code: 'FACT_UNKNOWN', message: 'resolvectl gave no answer' },
    });
  });

  test('what failed says why; a gate that waits is named', async () => {
    const open = { ...first, endedAt: undefined, status: 'waiting' as const };
    const { run, io } = here({
      runs: [second, open],
      states: { [exactly(first)]: [atFailure], [exactly(second)]: [failed] },
    });
    await run('audit', 'export', '-s', 'prod');
    const [waits, broke] = runsIn(io.stdout());
    expect(waits).toMatchObject({ status: 'waiting', waits: ['failed:harden.sshd'] });
    expect(broke).toMatchObject({ status: 'failed', error: { code: 'STEP_FAILED' } });
    expect(broke?.steps.at(-1)).toMatchObject({ id: 'harden.sshd', error: { code: 'STEP_FAILED' } });
  });

  test('--since asks for no more, --out is for its owner and never written over', async () => {
    const { run, io, control, bench } = here();
    const file = join(bench.cwd, 'a.jsonl');
    expect(await run('audit', 'export', '-s', 'prod', '--since', '10m', '--out', 'a.jsonl')).toBe(0);
    const since = new Date(NOON + 60_000 - 600_000).toISOString();
    expect(control.asked('list')).toMatchObject([[{ since }]]);
    const questions = control
      .asked('start')
      .flatMap(([, input]) => (input as { question?: object }).question ?? []);
    expect(questions).toEqual([0, 1].map((skip) => ({ since, skip })));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(io.stdout()).toBe(`a.jsonl: 2 runs, 2 lines of servers’ own logs
signed with ${FINGERPRINT}
public key  ${publicHalf(KEY)}
Whoever gets it checks it with: clincher audit verify a.jsonl --key ${FINGERPRINT}
`);
    const before = readFileSync(file, 'utf8');
    expect(await run('audit', 'export', '-s', 'prod', '--out', 'a.jsonl')).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('--json: one document about it, and never in the way of the export itself', async () => {
    const { run, io, opened } = here();
    expect(await run('audit', 'export', '-s', 'prod', '--json')).toBe(2);
    expect(opened()).toBe(0);
    const { run: again, io: out } = here();
    expect(await again('audit', 'export', '-s', 'all', '--out', 'a.jsonl', '--json')).toBe(0);
    expect(JSON.parse(out.stdout())).toMatchObject({
      runs: 2,
      hostLines: 2,
      unread: [],
      fingerprint: FINGERPRINT,
    });
    expect(io.stderr()).not.toContain('signed');
  });

  test('a server that does not answer is told, in the export and by the exit code; the others are in it', async () => {
    const { run, io, bench } = here({
      looks: {
        ...looks,
        'audit-log': (input) =>
          input.server.name === 'prod'
            ? looks['audit-log']!(input)
            : {
                ...ended,
                status: 'failed',
                error: { code: 'UNREACHABLE', message: 'spare does not answer' },
              },
      },
    });
    expect(await run('audit', 'export', '-s', 'all', '--out', 'a.jsonl')).toBe(5);
    expect(io.stderr()).toContain('spare: its own log is not in it: spare does not answer (UNREACHABLE)');
    const told = records(readFileSync(join(bench.cwd, 'a.jsonl'), 'utf8'));
    expect(told.at(-2)).toMatchObject({ kind: 'unread', server: 'spare', code: 'UNREACHABLE' });
    expect(await run('audit', 'verify', 'a.jsonl')).toBe(0);
    expect(io.stdout()).toContain('servers whose own log could not be read: 1');
  });

  test('a signature that is none: nothing is handed out', async () => {
    const { run, io, bench } = here({
      looks: {
        ...looks,
        'audit-sign': () => ({ ...ended, audit: { signed: { publicKey: publicHalf(KEY) } } }),
      },
    });
    expect(await run('audit', 'export', '-s', 'prod', '--out', 'a.jsonl')).toBe(1);
    expect(existsSync(join(bench.cwd, 'a.jsonl'))).toBe(false);
    expect(io.stdout()).toBe('');
  });

  test('a canary in everything that may hold more than was meant gets nowhere', async () => {
    const CANARY = 'canary-3f9c17d2';
    const diff = { path: '/etc/x', before: CANARY, after: CANARY };
    const tainted = {
      ...provisioned,
      groups: [
        {
          name: 'stack',
          steps: [
            {
              ...{ id: 'stack.env', title: CANARY, status: 'changed', notes: [CANARY] },
              changes: [{ what: 'update .env', diff }],
              error: { code: 'STEP_FAILED', message: 'no', evidence: [CANARY], remedy: [CANARY] },
            },
          ],
        },
      ],
      gates: [{ ...tokenGate, instructions: [CANARY], note: CANARY, diff, sealed: CANARY }],
      surveys: [
        {
          ...planned.surveys[0]!,
          steps: [{ ...planned.surveys[0]!.steps[0]!, changes: [{ what: 'w', diff }] }],
        },
      ],
      sealTo: CANARY,
      input: { secret: CANARY },
    } as unknown as RunState;
    const { run, io } = here({ states: { [exactly(first)]: [tainted], [exactly(second)]: [planned] } });
    expect(await run('audit', 'export', '-s', 'prod')).toBe(0);
    expect(io.stdout()).toContain('update .env');
    expect(io.stdout() + io.stderr()).not.toContain(CANARY);
    expect(io.stdout()).not.toContain(KEY);
  });
});

describe('audit verify', () => {
  const withFile = async () => {
    const one = here();
    await one.run('audit', 'export', '-s', 'prod', '--out', 'a.jsonl');
    const file = join(one.bench.cwd, 'a.jsonl');
    const said = one.io.stdout().length;
    return { ...one, file, text: readFileSync(file, 'utf8'), said: () => one.io.stdout().slice(said) };
  };

  test('sound: what is in it, and that the key wants comparing; no engine is asked', async () => {
    const { run, said, io, opened } = await withFile();
    const before = opened();
    expect(await run('audit', 'verify', 'a.jsonl')).toBe(0);
    expect(said()).toMatch(
      /^a\.jsonl: sound, 6 lines\n2 runs, 2 lines of servers’ own logs: prod\nfrom the beginning to 2026-11-22T12:01:00\.000Z, by .*@.* with clincher .*\nsigned with SHA256:/,
    );
    expect(io.stderr()).toContain('compare it with one that you were given');
    expect(opened()).toBe(before);
  });

  test('--key by fingerprint or as a whole; another is refused', async () => {
    const { run, io, said } = await withFile();
    const noise = io.stderr().length;
    expect(await run('audit', 'verify', 'a.jsonl', '--key', FINGERPRINT)).toBe(0);
    expect(await run('audit', 'verify', 'a.jsonl', '--key', publicHalf(KEY), '--json')).toBe(0);
    expect(said()).toContain('"isKeyKnown":true');
    expect(io.stderr().slice(noise)).toBe('');
    const other = keyFingerprint(publicHalf(newAuditKey()));
    expect(await run('audit', 'verify', 'a.jsonl', '--key', other)).toBe(1);
    expect(io.stderr()).toContain(`a.jsonl, line 1: other key; it is signed with ${FINGERPRINT}`);
  });

  test.each([
    ['a name in it', (text: string) => text.replace('bob@desk', 'eve@desk'), 'line 2: edited'],
    [
      'a line of it',
      (text: string) => text.replace(/\n.*443\/tcp.*\n/, '\n'),
      'line 5: removed; lines 5 to 5 are gone',
    ],
    ['its end', (text: string) => text.split('\n').slice(0, 4).join('\n').concat('\n'), 'line 5: cut short'],
  ])('%s was tampered with: exit 1, and where', async (_, tamper, where) => {
    const { run, file, text, io } = await withFile();
    const changed = tamper(text);
    expect(changed).not.toBe(text);
    writeFileSync(file, changed);
    expect(await run('audit', 'verify', 'a.jsonl')).toBe(1);
    expect(io.stderr()).toContain(`a.jsonl, ${where}`);
    expect(io.stderr()).toContain('clincher docs AUDIT_BROKEN');
  });

  test('a file that is not there', async () => {
    const { run, io } = here();
    expect(await run('audit', 'verify', 'none.jsonl')).toBe(2);
    expect(io.stderr()).toContain('none.jsonl cannot be read');
  });
});
