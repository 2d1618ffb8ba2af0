// What would change, step by step, with diffs: the same words whether it is looked at or about to be done.
import type { RunState, StepPlan } from '../../model.js';
import { diffView } from './diff.js';
import { planCounts } from './json.js';
import { isNarrow, paint, type View } from './style.js';
import { brief, cut, pad, safe, spread, width, wrap } from './text.js';
import { duration } from './time.js';

export interface PlanOptions {
  /** Diffs and reasons; otherwise one line a step. */
  diff: boolean;
  /** Also what is right already, and every line of a diff. */
  verbose: boolean;
  /** At most so many steps; absent: all. */
  limit?: number | undefined;
  /** Ends the view: how to make it so. */
  apply?: string | undefined;
}

export const allSteps = (state: RunState): StepPlan[] =>
  state.surveys.flatMap(({ partition, steps }) =>
    partition === undefined
      ? steps
      : steps.map((step) => ({ ...step, title: `${partition}: ${step.title}` })),
  );

export function planView(state: RunState, view: View, options: PlanOptions): string[] {
  const steps = allSteps(state);
  const shown = steps.filter(
    (step) => options.verbose || step.status === 'drift' || step.status === 'unknown',
  );
  const ids = Math.min(32, Math.max(12, ...shown.map((step) => width(safe(step.id)))));
  const listed = shown.slice(0, options.limit ?? shown.length);
  const left = shown.length - listed.length;
  return [
    `${state.server}  ${steps.length} steps read in ${duration(readMs(state))}, nothing was changed`,
    '',
    ...listed.flatMap((step) => stepView(step, view, ids, options)),
    ...(left > 0 ? [paint(view, 'dim', `  ${view.ascii ? '..' : '…'} ${left} more`)] : []),
    ...settled(state, view, options),
    ...secrets(state, view),
    '',
    ...summary(state, view, options),
  ];
}

const readMs = (state: RunState): number =>
  state.remoteMs > 0 ? state.remoteMs : state.surveys.reduce((sum, survey) => sum + survey.remoteMs, 0);

const SIGNS: Readonly<Record<StepPlan['status'], readonly [string, Parameters<typeof paint>[1]]>> = {
  drift: ['~', 'yellow'],
  unknown: ['?', 'magenta'],
  ok: ['=', 'dim'],
  skipped: ['.', 'dim'],
};

/** `+` where nothing was there before, `~` where something is replaced. */
function sign(step: StepPlan, view: View): string {
  const isNew =
    step.changes.length > 0 && step.changes.every((change) => change.diff && change.diff.before === '');
  if (step.status === 'drift' && isNew) return paint(view, 'green', '+');
  const [mark, style] = SIGNS[step.status];
  return paint(view, style, mark);
}

function stepView(step: StepPlan, view: View, ids: number, options: PlanOptions): string[] {
  const flags = [
    step.guarded && step.status === 'drift' ? 'guarded' : '',
    step.assumed.length > 0 ? 'assumed' : '',
  ];
  const right = isNarrow(view) ? '' : flags.filter(Boolean).join(' ');
  const detailed = options.diff && step.status === 'drift';
  const what = detailed || step.changes.length === 0 ? safe(step.title) : brief(step.changes);
  const room = Math.max(10, view.columns - ids - 6 - (right ? width(right) + 1 : 0));
  const line = spread(
    `${sign(step, view)} ${pad(safe(step.id), ids)}  ${cut(what, room, view)}`,
    right,
    view.columns,
  );
  return [line, ...(detailed ? detail(step, view, options) : []), ...reasons(step, view, options)];
}

/** As a fresh host has it: terraform's "known after apply". */
const assumption = (step: StepPlan): string =>
  step.assumed.length > 0 ? `assumed, since not installed yet: ${step.assumed.join(', ')}` : '';

function reasons(step: StepPlan, view: View, options: PlanOptions): string[] {
  const notes = options.verbose || options.diff ? [...step.notes, assumption(step)] : [];
  const told = step.status === 'unknown' || options.verbose ? [step.reason ?? '', ...notes] : notes;
  return told
    .filter(Boolean)
    .flatMap((text) => wrap(safe(text), Math.max(20, view.columns - 6)).map((line) => `    ${line}`));
}

function detail(step: StepPlan, view: View, options: PlanOptions): string[] {
  const why = wrap(safe(step.why), Math.max(20, view.columns - 8));
  const narrow = { ...pick(view), columns: view.columns - 4 };
  const changes = step.changes.flatMap((change) => {
    const diff = change.diff;
    const lines = diff ? diffView(diff.before, diff.after, narrow, options.verbose ? 10_000 : 40) : [];
    const path =
      diff && !change.what.includes(diff.path) ? [`  ${paint(view, 'bold', safe(diff.path))}`] : [];
    return [`  ${safe(change.what)}`, ...path, ...lines.map((line) => `   ${line}`)];
  });
  return [...why.map((line, i) => `  ${paint(view, 'dim', i === 0 ? 'why' : '   ')}  ${line}`), ...changes];
}

/** An Io's width is a getter, which a spread would freeze together with everything else of it. */
const pick = ({ columns, color, ascii }: View): View => ({ columns, color, ascii });

function settled(state: RunState, view: View, options: PlanOptions): string[] {
  const { ok, skipped } = planCounts(state.surveys);
  if (options.verbose || ok + skipped === 0) return [];
  const text = `= ${ok} step${ok === 1 ? '' : 's'} already as wanted${skipped > 0 ? `, ${skipped} not asked for` : ''}`;
  return [paint(view, 'dim', spread(text, '(-v lists them)', view.columns))];
}

const secrets = (state: RunState, view: View): string[] =>
  [...new Set(state.surveys.flatMap((survey) => survey.missingSecrets))].flatMap((ref) =>
    wrap(`? ${safe(ref)} has no value yet: the run will ask for it`, view.columns),
  );

function summary(state: RunState, view: View, options: PlanOptions): string[] {
  const { drift, unknown } = planCounts(state.surveys);
  const total = allSteps(state).length;
  const doubt = unknown > 0 ? ` ${unknown} could not be read.` : '';
  if (drift === 0) return [`Plan: ${unknown > 0 ? 'no known change' : 'nothing to change'}.${doubt}`];
  const plan = `Plan: ${drift} of ${total} steps would change.${doubt}`;
  if (!options.apply) return [plan];
  const apply = `Apply: ${options.apply}`;
  return width(plan) + width(apply) + 3 <= view.columns ? [`${plan}   ${apply}`] : [plan, apply];
}
