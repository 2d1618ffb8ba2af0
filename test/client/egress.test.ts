// The ways out on the command line: what is told, what is asked, and that clincher.yaml and its trail say what held.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ClincherError } from '../../src/errors.js';
import type { RunState } from '../../src/model.js';
import { DEFAULTS } from '../config/fixture.js';
import { summary } from './fake-control.js';
import { AT_TERMINAL, stage } from './stage.js';
import { ended } from './states.js';

const CONFIG = `# ours
${DEFAULTS}servers:
  prod:
    address: 203.0.113.7
    stack:
      egress:
        extra_domains:
          # the board
          - domain: rpc.example.com
            reason: The agent reads balances.
            owner: ada
            expires: 2026-12-31
          - domain: "*.example.org"
            reason: Feeds
          - domain: old.example.net
            reason: A trial
            expires: 2026-11-01
  spare:
    address: 203.0.113.8
    role: standby
`;

const undone: RunState = {
  ...{ ...ended, runbook: 'egress', status: 'failed', groups: [] },
  error: { code: 'EGRESS_BROKEN', message: 'CONNECT api.example.com:443: the egress proxy answers 407' },
};
const place = (setting: Parameters<typeof stage>[0] = {}) => {
  const s = stage({ config: CONFIG, ...setting });
  const read = (name: string): string => readFileSync(join(s.bench.cwd, name), 'utf8');
  return { ...s, text: () => read('clincher.yaml'), trail: () => read('egress-changes.md') };
};
const started = (s: ReturnType<typeof place>) =>
  s.control.asked('start') as [
    string,
    { server: { stack: { egress: { extra_domains: object[] } } } },
    object,
  ][];
const allow = (domain: string, ...more: string[]): string[] => [
  ...['egress', 'allow', domain, '-s', 'prod', '--reason', 'Trial | of a provider'],
  ...more,
];

describe('egress list', () => {
  test('who needs each, who answers for it, and until when', async () => {
    const s = place();
    expect(await s.run('egress', 'list', '-s', 'prod')).toBe(0);
    expect(
      s.io
        .stdout()
        .split('\n')
        .map((line) => line.replace(/ +/g, ' ').trim()),
    ).toEqual([
      'prod 5 ways out, 1 expired',
      'DOMAIN FOR OWNER ENDS',
      '*.example.org extra: Feeds',
      'api.anthropic.com provider anthropic: anthropic/claude-opus-4-6, anthropic/claude-sonnet-4-6, anthropic/claude-haiku-4-5-20251001',
      'api.telegram.org channel telegram',
      'api.voyageai.com provider voyage: embeddings of the cache, embeddings of memory',
      'old.example.net extra: A trial expired 20d ago',
      'rpc.example.com extra: The agent reads balances. ada in 39d11h',
      'Shut what has expired at once: clincher run egress -s prod',
      '',
    ]);
    expect(s.opened()).toBe(0);
  });

  test('as a document of its schema', async () => {
    const s = place();
    expect(await s.run('egress', 'list', '-s', 'prod', '--json')).toBe(0);
    const { servers } = JSON.parse(s.io.stdout());
    expect(servers[0].domains).toContainEqual({
      ...{ domain: 'rpc.example.com', kind: 'extra', reasons: ['The agent reads balances.'], isOpen: true },
      ...{ owner: 'ada', expires: '2026-12-31', endsAt: '2027-01-01T00:00:00.000Z' },
    });
  });
});

describe('egress allow', () => {
  test('shows the diff, asks once, runs, and notes it down', async () => {
    const s = place({ io: AT_TERMINAL, answers: [true] });
    expect(await s.run(...allow('api.example.com', '--owner', 'bob', '--expires', '30d'))).toBe(0);
    expect(s.questions).toEqual(['Let data out of prod to api.example.com until 2026-12-22T12:01Z?']);
    expect(s.io.stderr()).toContain('+           - domain: api.example.com');
    const [[name, { server }, options]] = started(s) as [ReturnType<typeof started>[0]];
    expect([name, options]).toEqual(['egress', { readOnly: false }]);
    const entry = {
      domain: 'api.example.com',
      reason: 'Trial | of a provider',
      owner: 'bob',
      expires: '2026-12-22T12:01Z',
    };
    expect(server.stack.egress.extra_domains.at(-1)).toEqual(entry);
    expect(s.text()).toContain('# the board\n          - domain: rpc.example.com');
    expect(s.text().replace(/ {10}- domain: api\.example\.com\n(?: {12}.*\n){3}/, '')).toBe(CONFIG);
    expect(s.trail()).toMatch(
      /\| 2026-11-22T12:01:00Z \| prod \| allow \| api\.example\.com \| Trial \\\| of a provider \| bob \| 2026-12-22T12:01Z \| .+@.+ \| prod-0010 \| done \|\n$/,
    );
  });

  test('undone: clincher.yaml is as it was, the trail tells it, and no line of it is ever changed', async () => {
    const s = place({ states: { '*': [undone] } });
    expect(await s.run(...allow('api.example.com', '--yes'))).toBe(1);
    expect(s.text()).toBe(CONFIG);
    const first = s.trail();
    expect(first).toContain('| undone: EGRESS\\_BROKEN |');
    expect(s.control.asked('syncSchedules')).toEqual([]);
    expect(await s.run(...allow('b.example.com', '--yes'))).toBe(1);
    expect(s.trail().startsWith(first)).toBe(true);
    expect(s.trail().split('\n')).toHaveLength(first.split('\n').length + 1);
  });

  test('somebody holds the server: nothing was written', async () => {
    const s = place({ startError: new ClincherError('LOCKED', 'prod is busy') });
    expect(await s.run(...allow('api.example.com', '--yes'))).toBe(7);
    expect(s.text()).toBe(CONFIG);
    expect(s.trail).toThrow(/ENOENT/);
  });

  test('somebody is at work, and has changed the file already: LOCKED is the better answer', async () => {
    const s = place({ holder: summary({ runbook: 'egress' }) });
    const tell = s.io.err;
    s.io.err = (text) => {
      writeFileSync(join(s.bench.cwd, 'clincher.yaml'), CONFIG.replace('# ours', '# theirs'));
      tell(text);
    };
    expect(await s.run(...allow('api.example.com', '--yes'))).toBe(7);
    expect(started(s)).toEqual([]);
  });

  test('a no changes nothing', async () => {
    const s = place({ io: AT_TERMINAL, answers: [false] });
    expect(await s.run(...allow('api.example.com'))).toBe(6);
    expect([s.text(), s.opened()]).toEqual([CONFIG, 0]);
  });

  test('whoever changed the file meanwhile is not overwritten, before the run or during it', async () => {
    const s = place();
    const { start } = s.control;
    s.control.start = async (...args) => {
      writeFileSync(join(s.bench.cwd, 'clincher.yaml'), CONFIG.replace('# ours', '# theirs'));
      return start.apply(s.control, args);
    };
    expect(await s.run(...allow('api.example.com', '--yes'))).toBe(0);
    expect(s.text()).toContain('# theirs');
    expect(s.text()).toContain('api.example.com');
    s.control.script.states = { '*': [undone] };
    expect(await s.run(...allow('b.example.com', '--yes'))).toBe(1);
    expect(s.text()).toContain('# theirs');
    expect(s.text()).not.toMatch(/(api|b)\.example\.com/);
  });

  test('a file that is another when the answer comes is not what was agreed to', async () => {
    const s = place();
    const tell = s.io.err;
    s.io.err = (text) => {
      if (text.includes('+           - domain: api'))
        writeFileSync(join(s.bench.cwd, 'clincher.yaml'), CONFIG.replace('# ours', '# theirs'));
      tell(text);
    };
    expect(await s.run(...allow('api.example.com', '--yes'))).toBe(2);
    expect(s.io.stderr()).toContain('was changed by somebody else meanwhile');
    expect(started(s)).toEqual([]);
    expect(s.text()).toBe(CONFIG.replace('# ours', '# theirs'));
  });

  test('what had expired is opened again, with its new words', async () => {
    const s = place();
    expect(await s.run(...allow('old.example.net', '--yes'))).toBe(0);
    expect(s.text()).not.toContain('A trial');
    expect(s.text().match(/old\.example\.net/g)).toHaveLength(1);
  });

  test('the schedules of the server know the new list, and one shuts what has an end', async () => {
    const s = place();
    expect(await s.run(...allow('api.example.com', '--yes', '--expires', '12h'))).toBe(0);
    const [[plans]] = s.control.asked('syncSchedules') as [[{ id: string }[]]];
    expect(plans.map(({ id }) => id)).toEqual(['clincher/prod/schedule/egress']);
  });

  test.each([
    ['capital letters', 'API.example.com', 'lower case'],
    ['another script', 'bücher.example', 'xn--bcher-kva.example'],
    ['a URL', 'https://api.example.com/v1', 'is a URL'],
    ['a port', 'api.example.com:8443', 'has a port in it'],
    ['everything', '*', 'lets nearly everything out'],
    ['a whole top-level domain', '*.com', 'lets nearly everything out'],
    ['a wildcard in the middle', 'api.*.com', 'first label'],
    ['no host name', 'api', 'is not a host name'],
    ['a private address', '10.0.0.5', 'is a private address'],
    ['the cloud’s credentials', '169.254.169.254', 'is a door inwards'],
    ['open already', 'rpc.example.com', 'is open already: extra: The agent reads balances.'],
    ['open by a wider one', 'a.example.org', 'is open already, by *.example.org: extra: Feeds'],
    ['open for a provider', 'api.anthropic.com', 'is open already: provider anthropic'],
    ['open for a channel', 'api.telegram.org', 'is open already: channel telegram'],
  ])('%s: told, and nothing is contacted', async (_, domain, text) => {
    const s = place();
    expect(await s.run(...allow(domain, '--yes'))).toBe(2);
    expect(s.io.stderr().replace(/\n +/g, ' ')).toContain(text);
    expect([s.text(), s.opened()]).toEqual([CONFIG, 0]);
  });

  test.each([
    ['no reason', ['api.example.com', '-s', 'prod', '--yes'], 'Say why'],
    [
      'an end that is over',
      [...allow('api.example.com', '--yes').slice(2), '--expires', '2026-11-21'],
      'over already',
    ],
    [
      'an end that is none',
      [...allow('api.example.com', '--yes').slice(2), '--expires', 'soon'],
      'is neither a day',
    ],
    [
      'a day that there is not',
      [...allow('api.example.com', '--yes').slice(2), '--expires', '2027-02-30'],
      'is neither a day',
    ],
    ['no server', ['api.example.com', '--reason', 'A trial', '--yes'], 'Name the server'],
    ['two servers', [...allow('api.example.com', '--yes').slice(2), '-s', 'spare'], 'one server at a time'],
    ['a standby', ['api.example.com', '-s', 'spare', '--reason', 'A trial', '--yes'], 'runs no egress proxy'],
    ['nobody at the terminal', allow('api.example.com').slice(2), '--yes'],
  ])('%s', async (_, argv, text) => {
    const s = place();
    expect(await s.run('egress', 'allow', ...argv)).toBe(2);
    expect(s.io.stderr().replace(/\n +/g, ' ')).toContain(text);
    expect([s.text(), s.opened()]).toEqual([CONFIG, 0]);
  });
});

describe('egress deny', () => {
  const deny = (domain: string): string[] => ['egress', 'deny', domain, '-s', 'prod', '--yes'];

  test('takes the entry and its remark away, and notes it down', async () => {
    const s = place();
    expect(await s.run(...deny('*.example.org'))).toBe(0);
    expect(s.text()).toBe(
      CONFIG.replace('          - domain: "*.example.org"\n            reason: Feeds\n', ''),
    );
    expect(s.trail()).toContain('| deny | \\*.example.org | no longer wanted: Feeds |');
    expect(started(s)[0]?.[1].server.stack.egress.extra_domains).toHaveLength(2);
  });

  test('undone: it is back', async () => {
    const s = place({ states: { '*': [undone] } });
    expect(await s.run(...deny('rpc.example.com'))).toBe(1);
    expect(s.text()).toBe(CONFIG);
  });

  test.each([
    ['a provider’s', 'api.anthropic.com', 'EGRESS_NEEDED', 'provider anthropic'],
    ['a channel’s', 'api.telegram.org', 'EGRESS_NEEDED', 'channel telegram'],
    ['on no list', 'nowhere.example.com', 'USAGE', 'on no list of prod'],
    ['below a wider one', 'a.example.org', 'USAGE', 'stays open, by *.example.org'],
  ])('%s stays', async (_, domain, code, text) => {
    const s = place();
    expect(await s.run(...deny(domain))).toBe(2);
    for (const each of [code, text]) expect(s.io.stderr().replace(/\n +/g, ' ')).toContain(each);
    expect([s.text(), s.opened()]).toEqual([CONFIG, 0]);
  });
});
