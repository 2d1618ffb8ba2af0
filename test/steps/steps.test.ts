// Every case under test/steps/<step id>/: captured facts in, planned changes out. The file's name is the sentence.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/activities/evaluate.js';
import { render } from '../../src/activities/script.js';
import type { HostContext, Reading } from '../../src/model.js';
import { STEPS } from '../../src/steps/index.js';
import { HOST, type Overrides, server } from './fixture.js';

interface Case {
  /** Another case of the same step whose facts stand where this one names none. */
  like?: string;
  want?: Overrides;
  os?: HostContext['os'];
  via?: HostContext['via'];
  facts: Record<string, Partial<Reading>>;
  changes?: string[];
  /** Texts that must occur in the commands of the changes. */
  commands?: string[];
  notes?: string[];
  /** Instead of changes: why nothing can be said. */
  unknown?: string;
}

const ABSENT: Partial<Reading> = { exitCode: 127, stderr: 'not found' };

const load = (id: string, name: string): Case => {
  const own = JSON.parse(readFileSync(join(import.meta.dirname, id, `${name}.json`), 'utf8')) as Case;
  if (!own.like) return own;
  const base = load(id, own.like);
  return { want: base.want, os: base.os, ...own, facts: { ...base.facts, ...own.facts } } as Case;
};

describe.each(STEPS.map((step) => [step.id, step] as const))('%s', (id, step) => {
  const names = readdirSync(join(import.meta.dirname, id)).map((file) => file.replace(/\.json$/, ''));

  it.each(names)('%s', (name) => {
    const { want, os, via, facts, changes, commands, notes, unknown } = load(id, name);
    const host = { ...HOST, os: os ?? HOST.os, via: via ?? HOST.via };
    const readings = Object.keys(step.facts(server(want))).map((fact) => {
      return { stdout: '', stderr: '', exitCode: 0, ...(facts[fact] ?? ABSENT) };
    });
    const verdict = evaluate(step, server(want), host, readings);
    expect({ why: verdict.reason, changes: verdict.changes.map(({ what }) => what) }).toEqual({
      why: unknown,
      changes: unknown === undefined ? changes : [],
    });
    if (notes) expect(verdict.notes).toEqual(notes);
    const words = verdict.changes.flatMap(({ run }) => run.map(({ command }) => render(command))).join('\n');
    for (const text of commands ?? []) expect(words).toContain(text);
  });
});
