// A change of the ways out, judged: each thing that may go wrong is seen, and what is none of its doing is not.
import { describe, expect, it, test } from 'vitest';
import { broken, type Lists, outcome, targetOf, targetsOf, unsound } from '../../src/checks/egress-change.js';
import type { Answers } from '../../src/commands/egress.js';
import { fixtureServer } from '../fixture-server.js';

const server = fixtureServer();
const NOBODY = 'clincher-refused.example.com:443';
const open = { status: 200 };
const away = { status: 502 };
const shut = { status: 407, reason: 'not on the list' };
const dead = { error: 'ECONNREFUSED' };

/** Opens new, shuts old, keeps kept. */
const lists: Lists = {
  before: ['kept.example.org', 'old.example.org'],
  after: ['kept.example.org', 'new.example.org'],
};
const answers = (kept: object, old: object, fresh: object, nobody: object = shut): Answers => ({
  'kept.example.org:443': kept,
  'old.example.org:443': old,
  'new.example.org:443': fresh,
  [NOBODY]: nobody,
});
const before = answers(open, open, shut);
const wrong = (after: Answers, was = before, options = {}): string[] =>
  broken(server, lists, { before: was, after }, options).map((line) => line.split(' ')[1]!.slice(0, -1));

test('every door of both lists is asked, and one that is on neither', () =>
  expect(targetsOf(server, lists)).toEqual(Object.keys(before)));

describe('where a domain is asked for', () => {
  const own = {
    providers: { vllm: { api_base: 'http://10.1.2.3:8080/v1' }, b: { api_base: 'https://llm.lan/v1' } },
  };
  test.each([
    ['api.example.com', 'api.example.com:443'],
    ['*.example.com', 'clincher-probe.example.com:443'],
    ['10.1.2.3', '10.1.2.3:8080'],
    ['llm.lan', 'llm.lan:443'],
    ['2001:db8::1', '[2001:db8::1]:443'],
  ])('%s', (domain, target) => expect(targetOf(own, domain)).toBe(target));
});

describe('before', () => {
  it('the new one is refused, and nobody else is let out either', () =>
    expect(unsound(server, lists, before)).toEqual([]));
  test.each([
    ['the new one is open already', answers(open, open, open), ['new.example.org:443']],
    ['a proxy that lets everybody out', answers(open, open, open, open), [NOBODY, 'new.example.org:443']],
    ['a dead proxy', answers(dead, dead, dead, dead), [NOBODY, 'new.example.org:443']],
  ])('%s', (_, said, targets) =>
    expect(unsound(server, lists, said).map((line) => line.split(' ')[1]!.slice(0, -1))).toEqual(targets),
  );
});

describe('after', () => {
  it('all as meant', () => expect(wrong(answers(open, shut, open))).toEqual([]));
  test.each([
    ['let out to where nobody answers', answers(open, shut, away), []],
    ['the new one is refused', answers(open, shut, shut), ['new.example.org:443']],
    ['the old one is let out still', answers(open, away, open), ['old.example.org:443']],
    ['another is refused', answers(shut, shut, open), ['kept.example.org:443']],
    ['another stops answering', answers(away, shut, open), ['kept.example.org:443']],
    ['everybody is let out', answers(open, open, open, open), ['old.example.org:443', NOBODY]],
    [
      'the proxy is dead',
      answers(dead, dead, dead, dead),
      ['old.example.org:443', NOBODY, 'new.example.org:443', 'kept.example.org:443'],
    ],
  ])('%s', (_, after, targets) => expect(wrong(after)).toEqual(targets));

  it('who did not answer before need not answer now', () =>
    expect(wrong(answers(away, shut, open), answers(away, open, shut))).toEqual([]));
});

describe('after it was undone', () => {
  const undone = (after: Answers, more = {}): string[] =>
    broken(
      server,
      { before: lists.before, after: lists.before },
      { before, after },
      { strict: false, ...more },
    ).map((line) => line.split(' ')[1]!.slice(0, -1));

  it('as it was', () => expect(undone(before)).toEqual([]));
  it('who stopped answering by itself is nobody’s fault', () =>
    expect(undone(answers(away, open, shut))).toEqual([]));
  it('the door that the change had opened is shut', () =>
    expect(undone(answers(open, open, open))).toEqual(['new.example.org:443']));
  it('those that it had shut are open', () =>
    expect(undone(answers(open, shut, shut))).toEqual(['old.example.org:443']));
});

it('tells what became of it', () =>
  expect(outcome(server, lists, answers(open, shut, away))).toEqual([
    'new.example.org: refused before, let out now, though nobody answers there',
    'old.example.org: on the list before, refused now',
    'the other way out is as before',
  ]));

it('a narrow one that goes below a wide one stays open, and is so judged', () => {
  const narrow: Lists = { before: ['*.example.org', 'a.example.org'], after: ['*.example.org'] };
  const said = { 'clincher-probe.example.org:443': open, 'a.example.org:443': open, [NOBODY]: shut };
  expect(broken(server, narrow, { before: said, after: said })).toEqual([]);
});
