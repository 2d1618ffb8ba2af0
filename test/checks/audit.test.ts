// What the audit's verdict tells of findings: which fail, which are only told, and which are accepted, by whom and why.
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/checks/openclaw.js';
import type { Finding } from '../../src/commands/openclaw.js';
import { MEANT_FINDINGS } from '../../src/stack/openclaw-findings.js';
import { HOST, server } from '../steps/fixture.js';

const finding = (severity: Finding['severity'], checkId: string): Finding => ({
  severity,
  checkId,
  title: `Title of ${checkId}`,
  detail: '',
});

const judge = (findings: Finding[], accepted: { check: string; reason: string }[] = []) =>
  audit.judge({ findings }, server({ openclaw: { accepted_findings: accepted } }), HOST);

describe('verify.audit', () => {
  it('lists warnings, and is silent about what is only information', () =>
    expect(judge([finding('warn', 'logging.off'), finding('info', 'summary.x')])).toMatchObject({
      verdict: 'pass',
      evidence: ['no critical finding, 1 warning', 'warn logging.off: Title of logging.off'],
    }));

  it.each(MEANT_FINDINGS.map(({ check, reason }) => [check, reason]))(
    '%s is accepted by clincher, with its reason',
    (check, reason) =>
      expect(judge([finding('warn', check)]).evidence).toEqual([
        'no critical finding, no warnings',
        `accepted by clincher: warn ${check}: ${reason}`,
      ]),
  );

  it('a reason of the operator wins over ours', () =>
    expect(
      judge(
        [finding('warn', 'gateway.probe_failed')],
        [{ check: 'gateway.probe_failed', reason: 'so I say' }],
      ).evidence,
    ).toEqual(['no critical finding, no warnings', 'accepted: warn gateway.probe_failed: so I say']));

  it('an acceptance whose finding does not occur is a note, and no failure', () =>
    expect(judge([], [{ check: 'gateway.old', reason: 'was so once' }])).toMatchObject({
      verdict: 'pass',
      evidence: [
        'no critical finding, no warnings',
        'gateway.old is accepted and does not occur: take it out of openclaw.accepted_findings',
      ],
    }));

  it('a critical one fails, beside an accepted one', () => {
    const seen = judge(
      [
        finding('critical', 'gateway.bind_no_auth'),
        finding('critical', 'hooks.open'),
        finding('warn', 'logging.off'),
      ],
      [{ check: 'hooks.open', reason: 'nobody reaches them' }],
    );
    expect(seen.verdict).toBe('fail');
    expect(seen.evidence).toEqual([
      'critical gateway.bind_no_auth: Title of gateway.bind_no_auth',
      'warn logging.off: Title of logging.off',
      'accepted: critical hooks.open: nobody reaches them',
    ]);
    expect(seen.remedy.join()).toContain('openclaw.accepted_findings');
  });
});
