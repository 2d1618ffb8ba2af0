// What `verify` found, as an auditor wants to read it: who looked when at what, each step and check with its evidence. Data only.
import type { DrillRecord, Proof, RunState, Server, StepPlan } from '../../model.js';
import { pinnedImages } from '../images-of.js';
import { checkCounts, planCounts } from './json.js';
import { duration } from './time.js';

export type Verdict = 'pass' | 'fail' | 'unknown' | 'skipped';

export interface Row {
  id: string;
  title: string;
  verdict: Verdict;
  why: string;
  source: string;
  evidence: string[];
  remedy: string[];
}

export interface Section {
  title: string;
  rows: Row[];
}

export interface Report {
  server: string;
  /** `Verification of prod`. */
  title: string;
  verdict: Verdict;
  /** One sentence. */
  conclusion: string;
  /** What was looked at, when, by whom, from where. */
  about: [name: string, value: string][];
  /** Name, and what its digest is. */
  images: [name: string, reference: string][];
  sections: Section[];
}

export interface ReportInput {
  state: RunState;
  server: Server;
  /** Of clincher. */
  version: string;
  /** Where each step comes from, by its id. */
  sources: ReadonlyMap<string, string>;
}

export function report({ state, server, version, sources }: ReportInput): Report {
  const steps = planCounts(state.surveys);
  const checks = checkCounts(state.proof);
  const verdict = worst(state, steps.drift + checks.fail, steps.unknown + checks.unknown);
  return {
    server: state.server,
    title: `${TITLES[state.runbook] ?? 'Verification'} of ${state.server}`,
    verdict,
    conclusion: conclusionOf(state, verdict),
    about: about(state, server, version),
    images: pinnedImages(server),
    sections: [
      ...state.surveys.map(({ checklist, partition, steps: list }) => ({
        title: partition === undefined ? checklist : `${partition}: ${checklist}`,
        rows: list.map((step) => stepRow(step, state, sources.get(step.id) ?? '')),
      })),
      ...(state.proof ? [{ title: 'checks', rows: checkRows(state.proof) }] : []),
    ].filter(({ rows }) => rows.length > 0),
  };
}

const TITLES: Readonly<Record<string, string>> = {
  smoke: 'Smoke test',
  redteam: 'Red team',
  'restore-drill': 'Restore drill',
  'dr-drill': 'Recovery drill',
  soak: 'The first day',
};

function worst(state: RunState, failed: number, unknown: number): Verdict {
  if (state.status !== 'done') return 'unknown';
  if (failed > 0) return 'fail';
  return unknown > 0 ? 'unknown' : 'pass';
}

function conclusionOf(state: RunState, verdict: Verdict): string {
  const { ok, drift, unknown } = planCounts(state.surveys);
  const checks = checkCounts(state.proof);
  if (state.status !== 'done')
    return `The server could not be looked at: ${state.error?.message ?? state.status}`;
  const of = (steps: number, proved: number): string =>
    [...(state.surveys.length > 0 ? [many(steps, 'step')] : []), many(proved, 'check')].join(', ');
  if (verdict === 'pass') return `All is as wanted: ${of(ok, checks.pass)}.`;
  const wrong = `Wrong: ${of(drift, checks.fail)}.`;
  const dark = unknown + checks.unknown;
  return dark === 0 ? wrong : `${wrong} Could not be read, which proves nothing: ${dark}.`;
}

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function about(state: RunState, server: Server, version: string): Report['about'] {
  const os = state.host?.os;
  const rows: [string, string | undefined][] = [
    ['Server', `${state.server} (${state.address})`],
    ['System', os ? `${os.id} ${os.version} (${os.codename}), ${state.host?.arch ?? ''}` : undefined],
    ['OpenClaw', server.stack.enabled ? server.stack.images.openclaw.version : undefined],
    ['Looked at', `${state.startedAt} to ${state.endedAt ?? '…'}`],
    ['By', state.who],
    ['From outside by', state.proof?.outside || undefined],
    ['Spent meanwhile, by LiteLLM’s count', state.proof?.spent],
    ...recoveryRows(state),
    ['Run', state.run],
    ['clincher', version],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]]));
}

/** Of a recovery drill: what a manager and an auditor ask for first. */
function recoveryRows({ drills = [], run }: RunState): [string, string | undefined][] {
  const all = drills.filter(({ recovery }) => recovery !== undefined);
  const mine = all.find((each) => each.run === run)?.recovery;
  if (mine === undefined) return [];
  const { rpoMs, rtoMs, phases } = mine;
  const told = (each: DrillRecord): string =>
    `${each.at.slice(0, 10)} ${time(each.recovery?.rtoMs)}${each.failed.length > 0 ? ` (${each.failed.join(', ')})` : ''}`;
  return [
    ['Recovery point reached (RPO)', time(rpoMs)],
    ['Recovery time reached (RTO)', time(rtoMs)],
    ['Part by part', phases.map(({ name, ms }) => `${name} ${time(ms)}`).join(', ')],
    ['Recovery time of all drills, oldest first', all.map(told).join('; ')],
  ];
}

const time = (ms: number | undefined): string => (ms === undefined ? 'not reached' : duration(ms));

const STATES: Record<StepPlan['status'], Verdict> = {
  ok: 'pass',
  drift: 'fail',
  unknown: 'unknown',
  skipped: 'skipped',
};

function stepRow(step: StepPlan, state: RunState, source: string): Row {
  const { id, title, why, status, changes, notes, reason } = step;
  const remedy = status === 'drift' ? [`clincher run provision -s ${state.server} --only '${id}'`] : [];
  const evidence = [...changes.map(({ what }) => `would ${what}`), ...(reason ? [reason] : []), ...notes];
  const seen = evidence.length > 0 || status !== 'ok' ? evidence : ['as wanted'];
  return { id, title, verdict: STATES[status], why, source, evidence: seen, remedy };
}

const checkRows = ({ checks }: Proof): Row[] =>
  checks.map(({ id, title, verdict, why, source, evidence, remedy, vantage }) => ({
    id,
    title: vantage === 'outside' ? `${title} (seen from outside)` : title,
    verdict,
    why,
    source,
    evidence,
    remedy,
  }));
