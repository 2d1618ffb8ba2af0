// One run as a line of the audit export: what was done, when, by whom. Only what is named here gets out; no diff, no text of a file.
import type { AuditRun, AuditStep, RunError, RunState, StepPlan, StepState } from '../model.js';
import type { RunSummary } from './control.js';

export function auditRun(summary: RunSummary, state: RunState): AuditRun {
  const { run, runId, server, runbook, who, startedAt } = summary;
  return {
    ...{ kind: 'run', run, runId, server, runbook, who, startedAt },
    endedAt: state.endedAt ?? summary.endedAt,
    ...{ status: state.status, outcome: state.outcome },
    steps: [
      ...state.groups.flatMap(stepsOf),
      ...state.surveys.flatMap(({ steps }) => steps.flatMap(planned)),
    ],
    answered: state.answered ?? [],
    waits: state.gates.map(({ id }) => id),
    proofs: (state.proof?.checks ?? []).map(({ id, verdict, vantage, evidence }) => ({
      ...{ id, verdict, vantage, evidence },
    })),
    backups: (state.backups ?? []).map(({ id }) => id),
    error: errorOf(state.error),
  };
}

const errorOf = (error: RunError | undefined) => error && { code: error.code, message: error.message };

/** Checks stand among the proofs, with what was seen. */
const stepsOf = ({ name, steps }: RunState['groups'][number]): AuditStep[] =>
  name === 'checks' ? [] : steps.filter(isTold).map(stepOf);

const QUIET: readonly StepState['status'][] = ['ok', 'skipped', 'pending'];

const isTold = ({ status, changes, error }: StepState): boolean =>
  !QUIET.includes(status) || changes.length > 0 || error !== undefined;

const stepOf = ({ id, status, startedAt, durationMs, changes, error }: StepState): AuditStep => ({
  ...{ id, status, startedAt, durationMs, changes: changes.map(({ what }) => what) },
  error: errorOf(error),
});

/** What a look found to differ, or could not read. */
const planned = ({ id, status, changes, reason }: StepPlan): AuditStep[] => {
  if (status === 'ok' || status === 'skipped') return [];
  const error = status === 'unknown' ? { code: 'FACT_UNKNOWN', message: reason ?? '' } : undefined;
  return [
    {
      id,
      status: status === 'unknown' ? 'unknown' : 'pending',
      changes: changes.map(({ what }) => what),
      error,
    },
  ];
};
