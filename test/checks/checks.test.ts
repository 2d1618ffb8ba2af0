// Every case in this folder: a verified host's captured readings, one thing broken in them, and all verdicts that are then no pass.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/index.js';
import { PAGES } from '../../src/checks/pages.js';
import type { CheckResult } from '../../src/model.js';
import { type Broken, verdicts } from './broken.js';

interface Case extends Broken {
  fails?: string[];
  unknown?: string[];
  /** Texts that must occur in what was seen. */
  seen?: string[];
}

const folder = import.meta.dirname;
const load = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;

const of = (results: readonly CheckResult[], verdict: string): string[] =>
  results.filter((result) => result.verdict === verdict).map(({ id }) => id);

describe('a verified host', () => {
  it('passes every check', () => {
    const results = verdicts({ breaks: {} }, CHECKS);
    expect(of(results, 'fail').concat(of(results, 'unknown'))).toEqual([]);
    expect(of(results, 'pass').length).toBeGreaterThan(30);
  });
  it('every check can fail: a case shows it', () => {
    const failing = new Set(cases.flatMap((name) => load<Case>(`${name}.json`).fails ?? []));
    expect(CHECKS.map(({ id }) => id).filter((id) => !failing.has(id))).toEqual([]);
  });
});

const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && file !== 'healthy.json')
  .map((file) => file.replace(/\.json$/, ''));

describe('one thing broken, and exactly its checks', () => {
  it.each(cases)('%s', (name) => {
    const one = load<Case>(`${name}.json`);
    const results = verdicts(one, CHECKS);
    expect({ fails: of(results, 'fail'), unknown: of(results, 'unknown') }).toEqual({
      fails: one.fails ?? [],
      unknown: one.unknown ?? [],
    });
    const failed = results.filter(({ verdict }) => verdict === 'fail');
    for (const { id, remedy } of failed) {
      expect(remedy, id).not.toEqual([]);
      const steps = PAGES[id]?.mendedBy;
      if (steps !== undefined) expect(remedy.join('\n'), id).toContain(`--only '${steps}'`);
    }
    const said = results.flatMap(({ verdict, evidence }) => (verdict === 'pass' ? [] : evidence)).join('\n');
    for (const text of one.seen ?? []) expect(said).toContain(text);
  });
});

describe('the table of contents', () => {
  it('has each id once, as area.property', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^(verify|exposed|kept)\.[a-z-]+$/);
  });
  it('has a page for each check: what is asked, what fails it', () =>
    expect(Object.keys(PAGES).sort()).toEqual(CHECKS.map(({ id }) => id).sort()));
  it('says what it is about and why', () => {
    for (const { id, title, why, source } of CHECKS) {
      expect(why.length, id).toBeGreaterThan(30);
      expect(title, id).not.toMatch(/\.$/);
      expect(source, id).not.toBe('');
    }
  });
});
