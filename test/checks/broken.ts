// A verified host's captured readings, and the same with something broken in them: what checks, and whoever concludes from them, are tried on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answers, judged } from '../../src/activities/judge.js';
import { render } from '../../src/activities/script.js';
import type { AnyCheck, CheckResult, Command, Fact, Reading, Server } from '../../src/model.js';
import { HOST } from '../steps/fixture.js';

export interface Broken {
  /** Reading → path into its JSON → value; `-` removes. A reading's own `stdout`, `stderr`, `exitCode` replace it whole. */
  breaks: Record<string, Record<string, unknown>>;
  /** What clincher.yaml says differently. */
  want?: Record<string, unknown>;
}

interface Healthy {
  server: Server;
  /** By the name that checks give the fact. */
  readings: Record<string, Reading>;
}

const folder = import.meta.dirname;
const healthy = JSON.parse(readFileSync(join(folder, 'healthy.json'), 'utf8')) as Healthy;

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

export function broken(name: string, { breaks }: Broken): Reading {
  const reading = healthy.readings[name];
  if (reading === undefined) throw new Error(`healthy.json has no reading ${name}`);
  const changes = breaks[name];
  if (changes === undefined) return reading;
  if ('stdout' in changes || 'exitCode' in changes) return { ...reading, ...changes };
  const tree = JSON.parse(reading.stdout) as Tree;
  for (const [path, value] of Object.entries(changes)) set(tree, path, value);
  return { ...reading, stdout: JSON.stringify(tree) };
}

export function serverOf({ want = {} }: Broken): Server {
  const server = structuredClone(healthy.server);
  for (const [path, value] of Object.entries(want)) set(server as unknown as Tree, path, value);
  return server;
}

export function verdicts(one: Broken, checks: readonly AnyCheck[]): CheckResult[] {
  const server = serverOf(one);
  return checks.map((check) => {
    // Facts are told apart by the words that read them; a case knows them by name.
    const facts = Object.entries(check.facts(server) as Record<string, Fact<unknown>>);
    const names = new Map(facts.map(([name, { read }]) => [render(read), name]));
    const answer = (command: Command): Reading => broken(names.get(render(command)) ?? '', one);
    const answers: Answers = { host: answer, outside: answer, vault: answer };
    return judged(check, server, HOST, answers);
  });
}
