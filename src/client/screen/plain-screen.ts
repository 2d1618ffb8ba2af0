// A run as lines, one for each transition, for pipes, CI and whoever prefers it.
import type { RunState } from '../../model.js';
import type { StartedRun } from '../control.js';
import type { Io } from '../io.js';
import { failureLines } from '../view/error.js';
import { heartbeatLine, plainLines } from '../view/plain.js';
import type { Screen } from './screen.js';

/** A CI system kills a job that says nothing for some minutes. */
const QUIET_MS = 30_000;

export function plainScreen(io: Io, now: () => number, run: StartedRun, verbose: boolean): Screen {
  let before: RunState | undefined;
  let spoke = now();
  const say = (lines: readonly string[]): void => {
    if (lines.length === 0) return;
    spoke = now();
    io.err(`${lines.join('\n')}\n`);
  };
  const failures = (state: RunState): string[] => {
    const known = new Set(failedIn(before).map((step) => step.id));
    return failedIn(state)
      .filter((step) => !known.has(step.id))
      .flatMap((step) => failureLines(step, state, io));
  };
  const update = (state: RunState): void => {
    if (!before) say([`run ${run.run}: ${state.runbook} on ${state.server} (${state.address})`]);
    say([...plainLines(before, state, now(), verbose), ...failures(state)]);
    before = structuredClone(state);
    if (now() - spoke >= QUIET_MS) say([heartbeatLine(state, now())]);
  };
  return {
    wantsTails: false,
    update,
    note: (text) => say([text]),
    pause: () => {},
    end: (state) => state && update(state),
  };
}

const failedIn = (state: RunState | undefined) =>
  (state?.groups ?? [])
    .flatMap((group) => group.steps)
    .filter((step) => step.status === 'failed' || step.status === 'unreachable');
