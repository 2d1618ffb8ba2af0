import { describe, expect, it } from 'vitest';
import { report } from '../../src/client/view/report.js';
import { htmlReport } from '../../src/client/view/report-html.js';
import { markdownReport } from '../../src/client/view/report-markdown.js';
import type { CheckResult, RunState } from '../../src/model.js';
import { ended, survey } from '../client/states.js';
import { server } from '../steps/fixture.js';

/** What a host under somebody else's hand might say. */
const HOSTILE = '<script>alert(1)</script> | [x](javascript:1) `rm` \u001b[2J <img src=x onerror=1> & "q"';

const check = (id: string, verdict: CheckResult['verdict'], ...evidence: string[]): CheckResult => ({
  id,
  title: `Title of ${id}`,
  why: 'Without it things go wrong.',
  source: 'guide Step 10',
  vantage: 'host',
  verdict,
  evidence,
  remedy: verdict === 'fail' ? ["clincher run provision -s prod --only 'stack.*'"] : [],
});

const state: RunState = {
  ...ended,
  runbook: 'verify',
  surveys: [survey],
  proof: {
    checks: [
      check('verify.services', 'pass', 'redis healthy'),
      check('verify.ports', 'fail', HOSTILE),
      check('verify.audit', 'unknown', 'no answer'),
      check('exposed.token', 'skipped', 'not asked for'),
    ],
    outside: 'monitor',
    remoteMs: 10,
    remote: [],
    roundTrips: 2,
  },
};

const input = {
  state,
  server: server(),
  version: '0.1.0',
  sources: new Map([['harden.sshd', 'guide Step 2; CIS Debian 5.1']]),
};

describe('a report', () => {
  const made = report(input);

  it('says who looked, when, from where, and how it ended', () => {
    expect(Object.fromEntries(made.about)).toMatchObject({
      Server: 'prod (203.0.113.7)',
      By: 'ada@laptop',
      'From outside by': 'monitor',
      clincher: '0.1.0',
    });
    expect(made.verdict).toBe('fail');
    expect(made.conclusion).toBe('Wrong: 2 steps, 1 check. Could not be read, which proves nothing: 2.');
  });

  it('is unknown where something could not be read and nothing failed, and passes only where all is proved', () => {
    const only = (verdict: CheckResult['verdict']) =>
      report({
        ...input,
        state: { ...state, surveys: [], proof: { ...state.proof!, checks: [check('a.b', verdict, 'x')] } },
      });
    expect(only('unknown').verdict).toBe('unknown');
    expect(only('pass').verdict).toBe('pass');
    expect(report({ ...input, state: { ...state, status: 'failed' } }).verdict).toBe('unknown');
  });

  it('names images by what they are locked to, and says so where they are not', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const locked = report({
      ...input,
      server: { ...server({ stack: { enabled: true } }), digests: { redis: digest } },
    });
    const images = Object.fromEntries(locked.images);
    expect(images['redis']).toContain(`@${digest}`);
    expect(images['openclaw']).toContain('@not locked');
  });
});

describe.each([
  ['HTML', htmlReport],
  ['Markdown', markdownReport],
] as const)('as %s', (form, write) => {
  const page = write(report(input));

  it('shows each step and check with verdict, evidence, source and remedy', () => {
    const plain = page
      .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
      .replaceAll('\\', '');
    for (const text of [
      'harden.sshd',
      'CIS Debian 5.1',
      'verify.ports',
      'redis healthy',
      'provision -s prod',
    ])
      expect(plain, text).toContain(text);
  });

  it('lets nothing that a host said become markup', () => {
    expect(page).not.toMatch(/<script|<img|\u001b/);
    // Escaped, as text: a bracket or a bar would begin a link or end a cell.
    if (form === 'HTML') expect(page).toContain('&lt;script&gt;');
    else expect(page).toContain(String.raw`\| \[x\](javascript:1) \`rm\``);
  });

  it('needs nothing from elsewhere', () => {
    expect(page).not.toMatch(/<[^>]+\s(src|href)=|@import|url\(/);
  });
});
