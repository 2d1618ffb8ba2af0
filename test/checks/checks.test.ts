// Every case in this folder: a verified host's captured readings, one thing broken in them, and all verdicts that are then no pass.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Answers, judged } from '../../src/activities/judge.js';
import { render } from '../../src/activities/script.js';
import { CHECKS } from '../../src/checks/index.js';
import { PAGES } from '../../src/checks/pages.js';
import type { CheckResult, Command, Fact, Reading, Server } from '../../src/model.js';
import { HOST } from '../steps/fixture.js';

interface Case {
  /** Reading → path into its JSON → value; `-` removes. A reading's own `stdout`, `stderr`, `exitCode` replace it whole. */
  breaks: Record<string, Record<string, unknown>>;
  /** What clincher.yaml says differently. */
  want?: Record<string, unknown>;
  fails?: string[];
  unknown?: string[];
  /** Texts that must occur in what was seen. */
  seen?: string[];
}

interface Healthy {
  server: Server;
  /** By the name that checks give the fact. */
  readings: Record<string, Reading>;
}

const folder = import.meta.dirname;
const load = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
const healthy = load<Healthy>('healthy.json');

type Tree = Record<string, unknown>;

/** Keys separated by blanks, since keys hold dots and slashes; `name=x` finds an entry of a list, `+` appends to one. */
function set(tree: Tree, path: string, value: unknown): void {
  const keys = path.split(' ');
  const last = keys.pop()!;
  const at = keys.reduce<Tree>((node, key) => step(node, key), tree);
  if (last === '+') (at as unknown as unknown[]).push(value);
  else if (value !== '-') at[last] = value;
  else if (Array.isArray(at)) at.splice(Number(last), 1);
  else delete at[last];
}

function step(node: Tree, key: string): Tree {
  const [name = '', wanted] = key.split('=');
  if (wanted === undefined) return node[key] as Tree;
  const found = (node as unknown as Tree[]).find((entry) => entry[name] === wanted);
  if (found === undefined) throw new Error(`healthy.json has no entry ${key}`);
  return found;
}

function broken(name: string, { breaks }: Case): Reading {
  const reading = healthy.readings[name];
  if (reading === undefined) throw new Error(`healthy.json has no reading ${name}`);
  const changes = breaks[name];
  if (changes === undefined) return reading;
  if ('stdout' in changes || 'exitCode' in changes) return { ...reading, ...changes };
  const tree = JSON.parse(reading.stdout) as Tree;
  for (const [path, value] of Object.entries(changes)) set(tree, path, value);
  return { ...reading, stdout: JSON.stringify(tree) };
}

function verdicts(one: Case): CheckResult[] {
  const server = structuredClone(healthy.server);
  for (const [path, value] of Object.entries(one.want ?? {})) set(server as unknown as Tree, path, value);
  return CHECKS.map((check) => {
    // Facts are told apart by the words that read them; a case knows them by name.
    const facts = Object.entries(check.facts(server) as Record<string, Fact<unknown>>);
    const names = new Map(facts.map(([name, { read }]) => [render(read), name]));
    const answer = (command: Command): Reading => broken(names.get(render(command)) ?? '', one);
    const answers: Answers = { host: answer, outside: answer, vault: answer };
    return judged(check, server, HOST, answers);
  });
}

const of = (results: readonly CheckResult[], verdict: string): string[] =>
  results.filter((result) => result.verdict === verdict).map(({ id }) => id);

describe('a verified host', () => {
  it('passes every check', () => {
    const results = verdicts({ breaks: {} });
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
    const results = verdicts(one);
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
