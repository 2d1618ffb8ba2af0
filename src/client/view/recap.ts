// The last line of every run, in Ansible's words, so that operators need no manual.
import type { Outcome, RunState, RunStatus } from '../../model.js';
import { paint, type Style, type View } from './style.js';
import { pad } from './text.js';
import { duration, runMs } from './time.js';

const WORDS: readonly (readonly [Outcome, Style])[] = [
  ['ok', 'green'],
  ['changed', 'yellow'],
  ['skipped', 'dim'],
  ['failed', 'red'],
  ['unreachable', 'red'],
];

/** `prod  ok=23 changed=18 skipped=0 failed=0 unreachable=0   4m12s`; a run that has not ended says what it does. */
export function recapLine(state: RunState, view: View, now: number, nameWidth = 0): string {
  const counts = WORDS.map(([word, style]) => {
    const text = `${word}=${state.outcome[word]}`;
    return state.outcome[word] > 0 ? paint(view, style, text) : text;
  });
  return `${pad(state.server, nameWidth)}  ${counts.join(' ')}   ${duration(runMs(state, now))}${ending(state.status)}`;
}

const ending = (status: RunStatus): string =>
  status === 'done' || status === 'failed' ? '' : `   ${status}`;

export function recap(states: readonly RunState[], view: View, now: number): string[] {
  const names = Math.max(0, ...states.map((state) => state.server.length));
  return states.map((state) => recapLine(state, view, now, names));
}
