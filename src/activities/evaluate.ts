// From readings to a verdict on each step: as wanted, to change, unknown or not asked for. Pure.
import type {
  AnyStep,
  Change,
  Command,
  Fact,
  Facts,
  HostContext,
  Reading,
  Server,
  StepPlan,
} from '../model.js';

export interface Verdict {
  status: StepPlan['status'];
  changes: Change[];
  notes: string[];
  assumed: string[];
  reason?: string | undefined;
}

/** Read with every survey: what every step may lean on. */
export const CONTEXT: readonly Command[] = [
  ['cat', '/etc/os-release'],
  ['dpkg', '--print-architecture'],
];

export function parseContext([release, arch]: Reading[], via: HostContext['via']): HostContext {
  const field = (name: string): string =>
    new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(release?.stdout ?? '')?.[1] ?? '';
  return {
    os: { id: field('ID'), version: field('VERSION_ID'), codename: field('VERSION_CODENAME') },
    arch: arch?.stdout.trim() ?? '',
    via,
  };
}

/** The commands of several steps' facts in a row, and how to hand the readings back to each step. */
export function commandsOf(steps: readonly AnyStep[], want: Server): Command[] {
  return steps.flatMap((step) => Object.values(factsOf(step, want)).map((fact) => fact.read));
}

export function factsOf(step: AnyStep, want: Server): Facts {
  return isWanted(step, want) ? step.facts(want) : {};
}

export const isWanted = (step: AnyStep, want: Server): boolean => step.wanted?.(want) ?? true;

export function evaluate(
  step: AnyStep,
  want: Server,
  host: HostContext,
  readings: readonly Reading[],
): Verdict {
  if (!isWanted(step, want))
    return {
      status: 'skipped',
      changes: [],
      notes: [],
      assumed: [],
      reason: 'not asked for by the configuration',
    };
  const facts = Object.entries(factsOf(step, want));
  const assumed = facts.flatMap(([, fact], i) => (isAbsent(fact, readings[i]) ? [String(fact.read[0])] : []));
  try {
    const values = Object.fromEntries(facts.map(([name, fact], i) => [name, value(fact, readings[i], name)]));
    const changes = step.plan(values, want, host);
    return {
      status: changes.length > 0 ? 'drift' : 'ok',
      changes,
      notes: step.notes?.(values, want, host) ?? [],
      assumed,
    };
  } catch (error) {
    return { status: 'unknown', changes: [], notes: [], assumed, reason: (error as Error).message };
  }
}

const isAbsent = (fact: Fact<unknown>, reading: Reading | undefined): boolean =>
  reading?.exitCode === 127 && fact.absent !== undefined;

/** What a fact says; throws where its answer makes no sense. */
export function value(fact: Fact<unknown>, reading: Reading | undefined, name: string): unknown {
  if (!reading) throw new Error(`${name} was not read`);
  if (isAbsent(fact, reading)) return fact.absent;
  try {
    return fact.parse(reading);
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`);
  }
}

export const viewOf = ({ what, diff }: Change): { what: string; diff?: Change['diff'] } =>
  diff ? { what, diff } : { what };

export function stepPlan(step: AnyStep, verdict: Verdict, after: readonly string[]): StepPlan {
  return {
    id: step.id,
    title: step.title,
    why: step.why,
    status: verdict.status,
    changes: verdict.changes.map(viewOf),
    notes: verdict.notes,
    assumed: verdict.assumed,
    guarded: step.guard !== undefined,
    after: [...after],
    reason: verdict.reason,
  };
}
