// `clincher adopt`: servers go on under this control plane, one after the other, and what starts by itself starts here.
import type { Command } from '../deps.js';
import { type RunCommandOptions, run } from './run.js';
import { scheduleSync } from './schedule.js';

export interface AdoptOptions extends Omit<RunCommandOptions, 'runbook'> {
  reason?: string;
}

/** In one order for everybody: of two who adopt them all at once, the one that comes second at the first server adopts none. */
export const adopt: Command<AdoptOptions> = async (io, { reason, ...options }, deps) => {
  const asked = { ...options, runbook: 'adoption', wave: 1, maxFailures: 0, detach: false };
  const code = await run(io, { ...asked, ...(reason === undefined ? {} : { takeOver: reason }) }, deps);
  if (code !== 0) return code;
  const plain = { ...options, output: 'text' as const };
  return scheduleSync({ ...io, out: (text) => io.err(text) }, plain, deps);
};
