// The versioned JSON documents that scripts read. Fields are added within a version, never changed or removed.
import { ERRORS } from '../../errors.js';
import type {
  CheckResult,
  Gate,
  Proof,
  RunError,
  RunState,
  StepPlan,
  StepState,
  Survey,
} from '../../model.js';
import { type ErrorPlace, isCode, remedies } from './error.js';
import { answerCommand } from './gate.js';

export const document = (schema: string, fields: object): object => ({
  schema: `clincher.${schema}/1`,
  ...fields,
});

export const print = (value: object): string => `${JSON.stringify(value)}\n`;

export const errorDocument = (error: RunError, place: ErrorPlace): object => ({
  code: error.code,
  message: error.message,
  ...(error.evidence ? { evidence: error.evidence } : {}),
  remedy: remedies(error, place),
  ...(isCode(error.code)
    ? { exitCode: ERRORS[error.code].exitCode, docs: `clincher docs ${error.code}` }
    : {}),
});

export function stepDocument(step: StepState, state: RunState): object {
  const { id, title, status, startedAt, durationMs, changes, notes } = step;
  const place = { server: state.server, run: state.run, runbook: state.runbook, step: id };
  const error = step.error ? { error: errorDocument(step.error, place) } : {};
  return { id, title, status, startedAt, durationMs, changes, notes, ...error };
}

export const gateDocument = (gate: Gate, state: RunState): object => ({
  ...gate,
  run: state.run,
  server: state.server,
  answer: answerCommand(gate, state),
});

export function runDocument(state: RunState): object {
  const { run, server, runbook, status, outcome, address, who, startedAt, endedAt, remoteMs, host } = state;
  const place = { server, run, runbook };
  return document('run', {
    run,
    server,
    runbook,
    status,
    outcome,
    steps: state.groups.flatMap((group) => group.steps).map((step) => stepDocument(step, state)),
    gates: state.gates.map((gate) => gateDocument(gate, state)),
    ...(state.answered ? { answered: state.answered } : {}),
    ...(state.error ? { error: errorDocument(state.error, place) } : {}),
    ...(state.discovered ? { discovered: state.discovered } : {}),
    ...(state.pairing ? { pairing: state.pairing } : {}),
    ...(state.backups ? { backups: state.backups } : {}),
    ...(state.upgrade ? { upgrade: state.upgrade } : {}),
    ...(state.partition ? { partition: state.partition } : {}),
    ...(state.phases ? { phases: state.phases } : {}),
    ...(state.causes ? { causes: state.causes } : {}),
    ...(state.moved ? { moved: state.moved } : {}),
    address,
    who,
    startedAt,
    endedAt,
    remoteMs,
    host,
  });
}

export interface PlanCounts {
  ok: number;
  drift: number;
  unknown: number;
  skipped: number;
}

export function planCounts(surveys: readonly Survey[]): PlanCounts {
  const counts: PlanCounts = { ok: 0, drift: 0, unknown: 0, skipped: 0 };
  for (const step of surveys.flatMap((survey) => survey.steps)) counts[step.status] += 1;
  return counts;
}

export type CheckCounts = Record<CheckResult['verdict'], number>;

export function checkCounts(proof: Proof | undefined): CheckCounts {
  const counts: CheckCounts = { pass: 0, fail: 0, unknown: 0, skipped: 0 };
  for (const { verdict } of proof?.checks ?? []) counts[verdict] += 1;
  return counts;
}

const proofFields = (proof: Proof | undefined): object =>
  proof === undefined
    ? {}
    : { checkCounts: checkCounts(proof), checks: proof.checks, outside: proof.outside };

export function planDocument(state: RunState, schema: 'plan' | 'verify'): object {
  const { run, server, runbook, status, address, startedAt, endedAt, remoteMs, host } = state;
  const steps = state.surveys.flatMap((survey) =>
    survey.steps.map((step: StepPlan) => ({
      ...step,
      checklist: survey.checklist,
      ...(survey.partition === undefined ? {} : { partition: survey.partition }),
    })),
  );
  return document(schema, {
    run,
    server,
    runbook,
    status,
    counts: planCounts(state.surveys),
    missingSecrets: [...new Set(state.surveys.flatMap((survey) => survey.missingSecrets))],
    roundTrips: state.surveys.reduce((sum, survey) => sum + survey.roundTrips, state.proof?.roundTrips ?? 0),
    steps,
    ...(schema === 'verify' ? proofFields(state.proof) : {}),
    ...(state.error ? { error: errorDocument(state.error, { server, run, runbook }) } : {}),
    address,
    startedAt,
    endedAt,
    remoteMs,
    host,
  });
}

/** One line of `--jsonl`. */
export const event = (kind: string, state: RunState, fields: object, now: number): object =>
  document('event', {
    event: kind,
    run: state.run,
    server: state.server,
    at: new Date(now).toISOString(),
    ...fields,
  });
