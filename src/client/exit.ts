// How a command ends: the exit code of a run, and the worst of several.
import { ERRORS } from '../errors.js';
import type { RunState } from '../model.js';
import { hasHoles } from '../workflows/ended-well.js';
import type { Followed } from './follow.js';
import { isCode } from './view/error.js';

export function exitOfState(state: RunState): number {
  if (state.status === 'done') return state.outcome.failed > 0 || hasHoles(state) ? 1 : 0;
  if (state.status === 'aborted') return 6;
  if (state.status !== 'failed') return 8;
  const code = state.error?.code ?? '';
  if (isCode(code)) return ERRORS[code].exitCode;
  return state.outcome.unreachable > 0 ? 5 : 1;
}

export const exitOfFollowed = ({ state, left }: Followed): number =>
  left === 'detached' ? 130 : left === undefined ? exitOfState(state) : 8;

/** From harmless to what must be looked at first; codes that are not listed are the worst. */
const RANKS = [0, 3, 8, 6, 7, 2, 4, 1, 5, 130];

export const worst = (codes: readonly number[]): number =>
  codes.toSorted((a, b) => rank(b) - rank(a))[0] ?? 0;

const rank = (code: number): number => (RANKS.includes(code) ? RANKS.indexOf(code) : RANKS.length);
