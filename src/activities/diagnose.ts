// Reads what the troubleshooting table looks at: its checks, the watchdog's look and the steps that it names, side by side. Changes nothing.
import { CHECKS } from '../checks/index.js';
import { DIAGNOSES } from '../diagnoses/index.js';
import { causesOf, readsOf, told } from '../diagnoses/rank.js';
import { together } from '../diagnoses/together.js';
import type { AnyCheck, CheckResult, Diagnosed, Diagnosis, Repair, Server, StepPlan } from '../model.js';
import { STEPS } from '../steps/index.js';
import { glob } from './checklists.js';
import type { Deps } from './deps.js';
import { stepPlan } from './evaluate.js';
import { Meter } from './host.js';
import { judged } from './judge.js';
import { look } from './readings.js';
import { look as lookAtSteps } from './survey.js';
import { watchServer } from './watchdog.js';

/** The gateway's own command line takes seconds, and minutes on a small host that is busy. */
const TIMEOUT_MS = 5 * 60_000;

interface Look {
  deps: Deps;
  server: Server;
  /** Ids of what the table looks at. */
  reads: ReadonlySet<string>;
  meter: Meter;
  signal: AbortSignal | undefined;
}

export async function diagnose(
  deps: Deps,
  { server }: { server: Server },
  signal?: AbortSignal,
): Promise<Diagnosed> {
  const table = DIAGNOSES.filter(({ wanted }) => wanted?.(server) ?? true);
  const all: Look = { deps, server, reads: new Set(table.flatMap(readsOf)), meter: new Meter(), signal };
  const [{ checks, outside }, watched, steps] = await Promise.all([
    checked(all, table),
    watchedBy(all),
    surveyed(all, table),
  ]);
  const findings = { checks: byId([...checks, ...watched]), steps: byId(steps) };
  const { redact } = deps.secrets;
  const clean = causesOf(table, findings, server).map((cause) => ({
    ...cause,
    evidence: cause.evidence.map(redact),
    changes: changesBy(cause.repair, steps),
  }));
  return {
    ...{ causes: clean, together: together(clean, server), checks: told(table, clean, findings, server) },
    ...{ outside, remote: all.meter.spans },
  };
}

const matching = ({ input: { only } }: Repair): ((id: string) => boolean) =>
  only === undefined ? () => false : glob(only);

const changesBy = (repair: Repair | undefined, steps: readonly StepPlan[]): string[] =>
  repair === undefined
    ? []
    : steps
        .filter(({ id }) => matching(repair)(id))
        .flatMap(({ id, changes }) => changes.map(({ what }) => `${id}: ${what}`));

const byId = <T extends { id: string }>(list: readonly T[]): Map<string, T> =>
  new Map(list.map((each) => [each.id, each]));

/** Those that all proofs have, as far as the table names them, and its own. */
async function checked({ deps, server, reads, meter, signal }: Look, table: readonly Diagnosis[]) {
  const own = byId(table.flatMap(({ asks = [] }) => asks));
  const checks: AnyCheck[] = [...CHECKS.filter(({ id }) => reads.has(id)), ...own.values()];
  const seen = await look(deps, checks, { server, timeoutMs: TIMEOUT_MS }, meter, signal);
  const results = checks.map((check) => judged(check, server, seen.host, seen.answers));
  return { checks: results, outside: seen.outside };
}

async function watchedBy({ deps, server, reads, meter, signal }: Look): Promise<CheckResult[]> {
  const seen = await watchServer(deps, { server, restarts: {}, inFull: true }, signal);
  meter.spans.push(...seen.remote);
  return seen.checks.filter(({ id }) => reads.has(id));
}

/** Those that the table names, and those that a repair of it would go through. */
async function surveyed(
  { deps, server, reads, meter, signal }: Look,
  table: readonly Diagnosis[],
): Promise<StepPlan[]> {
  const repairs = table.flatMap(({ suspects }) => suspects.flatMap(({ repair }) => repair?.(server) ?? []));
  const isMended = repairs.map(matching);
  const steps = STEPS.filter(({ id }) => reads.has(id) || isMended.some((matches) => matches(id)));
  const host = await deps.hosts.open(server, meter);
  const { verdicts } = await lookAtSteps(host, server, steps, deps, { signal });
  return steps.map((step) => stepPlan(step, verdicts.get(step.id)!, []));
}
