// What shows a run while it goes on. All of it goes to stderr, except events, which are the answer.
import type { RunState } from '../../model.js';
import type { StartedRun } from '../control.js';
import type { Io } from '../io.js';
import type { GlobalOptions } from '../options.js';
import type { Tail } from '../view/steps.js';

export interface Screen {
  /** It wants the last lines of what runs. */
  readonly wantsTails: boolean;
  update(state: RunState, tails: readonly Tail[]): void;
  /** One line for the operator, outside the run's own state. */
  note(text: string): void;
  /** Leaves the terminal to a prompt, until the next update. */
  pause(): void;
  /** Draws the last state for good and gives the terminal back. */
  end(state?: RunState): void;
}

export interface ScreenOptions extends Pick<GlobalOptions, 'output' | 'progress' | 'quiet' | 'verbose'> {
  webUrl?: string | undefined;
  now(): number;
  /** Several runs at once cannot share a tree. */
  several?: boolean;
}

export async function makeScreen(io: Io, run: StartedRun, options: ScreenOptions): Promise<Screen> {
  if (options.output === 'jsonl') return (await import('./events-screen.js')).eventsScreen(io, options.now);
  if (options.quiet || options.progress === 'none') return silentScreen(io);
  const plain = options.progress === 'plain' || options.several || (options.progress === 'auto' && !io.isTTY);
  if (plain) return (await import('./plain-screen.js')).plainScreen(io, options.now, run, options.verbose);
  return (await import('./tree-screen.js')).treeScreen(io, options.now, options.webUrl);
}

const silentScreen = (io: Io): Screen => ({
  wantsTails: false,
  update: () => {},
  note: (text) => io.err(`${text}\n`),
  pause: () => {},
  end: () => {},
});
