// `clincher adopt`: servers go on under this control plane, one after the other, and what starts by itself starts here.
import { ClincherError } from '../../errors.js';
import type { Command } from '../deps.js';
import type { AdoptHostOptions } from './adopt-host.js';
import { type RunCommandOptions, run } from './run.js';
import { scheduleSync } from './schedule.js';

export interface AdoptOptions extends Omit<RunCommandOptions, 'runbook'>, Omit<AdoptHostOptions, 'name'> {
  /** Of a host that was set up by hand. */
  name?: string;
  reason?: string;
}

export const adopt: Command<AdoptOptions> = async (io, options, deps) => {
  const { name } = options;
  if (name === undefined) return adoptServers(io, options, deps);
  if (options.server === undefined)
    return (await import('./adopt-host.js')).adoptHost(io, { ...options, name }, deps);
  throw new ClincherError('USAGE', `Either ${name}, which is new, or --server, which is in clincher.yaml.`, {
    remedy: ['clincher help adopt'],
  });
};

/** In one order for everybody: of two who adopt them all at once, the one that comes second at the first server adopts none. */
const adoptServers: Command<AdoptOptions> = async (io, { reason, ...options }, deps) => {
  const asked = { ...options, runbook: 'adoption', wave: 1, maxFailures: 0, detach: false };
  const code = await run(io, { ...asked, ...(reason === undefined ? {} : { takeOver: reason }) }, deps);
  if (code !== 0) return code;
  const plain = { ...options, output: 'text' as const };
  return scheduleSync({ ...io, out: (text) => io.err(text) }, plain, deps);
};
