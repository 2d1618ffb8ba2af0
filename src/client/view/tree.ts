// A run as a tree: header, one line per finished group, the open group with its steps, the gates.
import type { RunState } from '../../model.js';
import { gateView } from './gate.js';
import { rails } from './glyphs.js';
import { groupLine, isFinished, type Moment, stepLines } from './steps.js';
import { paint, type View } from './style.js';
import { cut, safe } from './text.js';

export function header(state: RunState, view: View, webUrl?: string): string[] {
  const dot = view.ascii ? ' - ' : ' · ';
  const os = state.host ? `, ${capital(state.host.os.id)} ${state.host.os.version}` : '';
  const where = state.address === '' ? '' : ` (${safe(state.address + os)})`;
  const title = `clincher${dot}${state.runbook}${dot}${state.server}${where}${dot}run ${state.run}`;
  const leave = 'Ctrl-C leaves this view; the run goes on.';
  return [
    paint(view, 'bold', cut(title, view.columns, view)),
    ...(webUrl ? [leave, `Web: ${webUrl}`] : [leave]),
  ];
}

const capital = (word: string): string => safe(word.charAt(0).toUpperCase() + word.slice(1));

const isOver = (state: RunState): boolean => state.status !== 'running' && state.status !== 'waiting';

/** Groups that are not known yet shall stand under those that were printed already. */
export const nameWidth = (state: RunState): number =>
  Math.max(14, ...state.groups.map((group) => safe(group.name).length));

/** Lines of each group, so that a screen may print the finished ones once and redraw the others. */
export function groupBlocks(
  state: RunState,
  view: View,
  moment: Moment,
): { finished: boolean; lines: string[] }[] {
  const names = nameWidth(state);
  return state.groups.map((group, i) => {
    const finished = isFinished(group, state);
    const isLast = i === state.groups.length - 1 && (!finished || isOver(state));
    const rail = isLast ? rails(view).end : rails(view).tee;
    const troubled = group.steps.some((step) => step.status === 'failed' || step.status === 'unreachable');
    const steps = !finished || troubled ? stepLines(group, state, view, moment) : [];
    return { finished, lines: [groupLine(group, view, rail, names, moment.now), ...steps] };
  });
}

export function gateBlocks(state: RunState, view: View, now: number): string[] {
  // A failed step's own block says all that its gate would.
  return state.gates
    .filter((gate) => gate.kind !== 'failed')
    .flatMap((gate) => gateView(gate, state, view, now));
}

export const tree = (state: RunState, view: View, moment: Moment): string[] => [
  ...groupBlocks(state, view, moment).flatMap((block) => block.lines),
  ...gateBlocks(state, view, moment.now),
];
