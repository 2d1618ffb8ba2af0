// Every case in this folder: a verified host's captured readings, one thing broken, what steps and watches say then, and the causes in their order.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/index.js';
import { dockerNow } from '../../src/commands/docker-api.js';
import { DIAGNOSES } from '../../src/diagnoses/index.js';
import { causesOf, readsOf, told } from '../../src/diagnoses/rank.js';
import type { CheckResult, Findings, Server, StepPlan } from '../../src/model.js';
import { STEPS } from '../../src/steps/index.js';
import { WATCHES } from '../../src/watches/index.js';
import { containers, outOfMemory } from '../../src/watches/services.js';
import { type Broken, broken, serverOf, verdicts } from '../checks/broken.js';

interface Case extends Broken {
  /** What other watches complain of. */
  watches?: Record<string, string[]>;
  /** What steps would change: `before` and `after` are the lines of its difference. */
  steps?: Record<string, { what: string; before?: string; after?: string }>;
  /** Exactly these, in this order. */
  causes: string[];
  /** Rows that cannot be judged then. */
  unknown?: string[];
}

const folder = import.meta.dirname;
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace(/\.json$/, ''));
const load = (name: string): Case => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Case;

const own = [
  ...new Map(DIAGNOSES.flatMap(({ asks = [] }) => asks).map((check) => [check.id, check])).values(),
];

const failing = (id: string, evidence: string[]): CheckResult => ({
  ...{ id, title: id, why: '', source: '', vantage: 'host', remedy: [] },
  ...{ verdict: evidence.length > 0 ? 'fail' : 'pass', evidence },
});

/** Those of containers look at the same reading as checks do. */
function watched(one: Case, server: Server): CheckResult[] {
  const docker = dockerNow.parse(broken('docker', one));
  const now = [containers, outOfMemory].map((watch) => {
    const { symptoms } = watch.judge({ docker }, server, { nowMs: 0, restarts: {} });
    return failing(
      watch.id,
      symptoms.map(({ text }) => text),
    );
  });
  return [...now, ...Object.entries(one.watches ?? {}).map(([id, evidence]) => failing(id, evidence))];
}

function findingsOf(one: Case): Findings {
  const results = [...verdicts(one, [...CHECKS, ...own]), ...watched(one, serverOf(one))];
  const steps = Object.entries(one.steps ?? {}).map(([id, { what, before, after }]): StepPlan => {
    const diff = before === undefined || after === undefined ? {} : { diff: { path: '', before, after } };
    const plain = { id, title: id, why: '', notes: [], assumed: [], guarded: false, after: [] };
    return { ...plain, status: 'drift', changes: [{ what, ...diff }] };
  });
  return {
    checks: new Map(results.map((each) => [each.id, each])),
    steps: new Map(steps.map((each) => [each.id, each])),
  };
}

const tableOf = (server: Server) => DIAGNOSES.filter(({ wanted }) => wanted?.(server) ?? true);

function judged(one: Case) {
  const server = serverOf(one);
  const findings = findingsOf(one);
  const causes = causesOf(tableOf(server), findings, server);
  return { causes, checks: told(tableOf(server), causes, findings, server) };
}

it('a host that is well: nothing points to anything', () => {
  const { causes, checks } = judged({ breaks: {}, causes: [] });
  expect(causes).toEqual([]);
  expect(checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
});

describe('what is broken, and what may cause it', () => {
  it.each(cases)('%s', (name) => {
    const one = load(name);
    const { causes, checks } = judged(one);
    expect(causes.map(({ id }) => id)).toEqual(one.causes);
    for (const { id, evidence, repair, byHand } of causes) {
      expect(evidence, id).not.toEqual([]);
      expect(repair !== undefined || byHand.length > 0, id).toBe(true);
    }
    const blind = checks.filter(({ verdict }) => verdict === 'unknown').map(({ id }) => id);
    expect(blind).toEqual(one.unknown ?? []);
    expect(checks.slice(0, causes.length).every(({ verdict }) => verdict === 'fail')).toBe(true);
  });
  it('every row is shown by a case', () => {
    const shown = new Set(
      cases.flatMap((name) => judged(load(name)).causes.map(({ diagnosis }) => diagnosis)),
    );
    expect(DIAGNOSES.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });
});

describe('the table', () => {
  const suspects = DIAGNOSES.flatMap((row) => row.suspects);
  it('has each row and each answer once', () => {
    for (const ids of [DIAGNOSES.map(({ id }) => id), suspects.map(({ id }) => id)])
      expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });
  it('has every row of the guide’s', () => {
    const rows = DIAGNOSES.flatMap(({ source }) => /guide Step 12, row (\d+)/.exec(source)?.[1] ?? []);
    expect(rows.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  });
  it('looks at nothing that is not there', () => {
    const known = new Set([...CHECKS, ...own, ...WATCHES, ...STEPS].map(({ id }) => id));
    expect(DIAGNOSES.flatMap(readsOf).filter((id) => !known.has(id))).toEqual([]);
  });
});
