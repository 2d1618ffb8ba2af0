import { describe, expect, it } from 'vitest';
import { glob, selected } from '../../src/activities/checklists.js';
import { evaluate, parseContext } from '../../src/activities/evaluate.js';
import type { Fact, Reading } from '../../src/model.js';
import { change, defineStep } from '../../src/steps/define.js';
import { STEPS } from '../../src/steps/index.js';
import { fixtureServer } from '../fixture-server.js';

const reading = (stdout: string, exitCode = 0): Reading => ({ stdout, exitCode, stderr: '' });
const number: Fact<number> = {
  read: ['count'],
  absent: 0,
  parse: ({ stdout }) => {
    if (!/^\d+$/.test(stdout)) throw new Error(`no number: ${stdout}`);
    return Number(stdout);
  },
};
const step = defineStep({
  id: 'test.count',
  title: '',
  why: '',
  source: '',
  facts: () => ({ number }),
  plan: ({ number: now }) => (now === 3 ? [] : [change(`count to 3 (is ${now})`)]),
});
const host = parseContext([], { user: 'root', port: 22 });
const verdict = (answer: Reading) => evaluate(step, fixtureServer(), host, [answer]);

describe('a verdict', () => {
  it('is ok when nothing is to do', () =>
    expect(verdict(reading('3'))).toMatchObject({ status: 'ok', changes: [] }));
  it('is drift when something is', () => expect(verdict(reading('2'))).toMatchObject({ status: 'drift' }));
  it('is unknown when the answer makes no sense, never ok', () =>
    expect(verdict(reading('three'))).toMatchObject({
      status: 'unknown',
      reason: 'number: no number: three',
    }));
  it('assumes what it may when the tool is absent, and says so', () =>
    expect(verdict(reading('', 127))).toMatchObject({ status: 'drift', assumed: ['count'] }));
  it('is unknown when the fact was not read at all', () =>
    expect(evaluate(step, fixtureServer(), host, [])).toMatchObject({ status: 'unknown' }));
  it('is skipped when the configuration does not ask', () =>
    expect(evaluate({ ...step, wanted: () => false }, fixtureServer(), host, [])).toMatchObject({
      status: 'skipped',
    }));
});

describe('the host', () => {
  it('is known by os-release, quoted or not', () => {
    const release = reading(
      'PRETTY_NAME="Ubuntu 24.04 LTS"\nID=ubuntu\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\n',
    );
    expect(parseContext([release, reading('arm64\n')], host.via)).toMatchObject({
      os: { id: 'ubuntu', version: '24.04', codename: 'noble' },
      arch: 'arm64',
    });
  });
});

describe('a selection', () => {
  it('by glob, by several, by none', () => {
    expect(['base.sshd', 'base.user', 'harden.firewall'].filter(glob('base.*'))).toEqual([
      'base.sshd',
      'base.user',
    ]);
    expect(['base.sshd', 'base.user', 'harden.firewall'].filter(glob('*.sshd, harden.*'))).toEqual([
      'base.sshd',
      'harden.firewall',
    ]);
    expect(glob('base.ssh')('base.sshd')).toBe(false);
    expect(glob('base.s.hd')('base.sshd')).toBe(false);
  });
  it('from a step on leaves out what comes before it, over checklists', () => {
    const [first, second] = STEPS;
    const { chosen, excluded } = selected(STEPS, { from: second!.id });
    expect(chosen).not.toContain(first);
    expect(chosen).toHaveLength(STEPS.length - 1);
    expect(excluded).toMatchObject({ status: 'skipped', reason: `before --from ${second!.id}` });
  });
});

describe('all steps', () => {
  it('have ids of their own, a title, a reason and a source', () => {
    expect(new Set(STEPS.map(({ id }) => id)).size).toBe(STEPS.length);
    for (const { id, title, why, source } of STEPS)
      expect([id, title.length > 8, why.length > 20, source.length > 5]).toEqual([id, true, true, true]);
  });
  it('wait only for steps that there are', () => {
    const ids = STEPS.map(({ id }) => id);
    for (const { id, after } of STEPS)
      expect([id, ids]).toEqual([id, expect.arrayContaining([...(after ?? [])])]);
  });
  it('say that nothing is known when nothing could be read', () => {
    const server = fixtureServer({ tailscale: { enabled: true, source: 'tailscale', ssh_only: true } });
    for (const each of STEPS)
      expect([each.id, evaluate(each, server, host, []).status]).not.toEqual([each.id, 'ok']);
  });
});
