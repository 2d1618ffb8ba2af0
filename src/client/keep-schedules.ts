// After clincher.yaml was changed by a run: what starts by itself was frozen with what it said before, and would undo it or not get in.
import { type Config, resolveServer } from '../config/load.js';
import type { Control } from './control.js';
import type { Io } from './io.js';
import { plannedSchedules } from './planned-schedules.js';

/** Those that are there already, and those of `also`, which the change itself asks for. */
export async function keepSchedules(
  io: Io,
  control: Control,
  config: Config,
  names: readonly string[],
  also: readonly string[] = [],
): Promise<void> {
  try {
    const seen = (await control.schedules(config.path)).filter(({ server }) => names.includes(server));
    const isThere = (id: string): boolean => seen.some((each) => each.id === id);
    const servers = names.map((name) => resolveServer(config, name));
    const plans = plannedSchedules(config, servers).filter(
      ({ id, runbook }) => also.includes(runbook) || isThere(id),
    );
    if (plans.length + seen.length === 0) return;
    const scope = { owner: config.path, synced: [...names], configured: Object.keys(config.servers) };
    await control.syncSchedules(plans, scope);
  } catch (error) {
    const why = (error as Error).message;
    const which = names.map((name) => ` -s ${name}`).join('');
    io.err(`The schedules are those of before (${why}): clincher schedule sync${which}\n`);
  }
}
