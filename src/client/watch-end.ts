// Sees the end of a run the moment it comes, without asking again and again; survives a worker that restarts.
import type { RunState } from '../model.js';
import type { Control } from './control.js';

const POLL_MS = 20_000;
const PAUSE_MS = 500;

export interface EndWatch {
  /** Never rejects. */
  ended: Promise<RunState>;
  stop(): void;
}

/** One waiting question at the server, asked anew when it runs out; so that the end is seen the moment it comes. */
export function watchEnd(control: Control, run: string): EndWatch {
  let isStopped = false;
  const never = new Promise<never>(() => {});
  const look = async (): Promise<RunState> => {
    while (!isStopped) {
      const asked = Date.now();
      const state = await control.ended(run, POLL_MS).catch(() => undefined);
      if (state) return state;
      // An error comes back at once; asking without a pause would keep a processor busy.
      if (Date.now() - asked < PAUSE_MS)
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS).unref());
    }
    return never;
  };
  return {
    ended: look(),
    stop: () => {
      isStopped = true;
    },
  };
}
