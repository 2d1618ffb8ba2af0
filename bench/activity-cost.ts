// What one sequential activity costs on each Temporal server that can be had here, without any host in it.
import { must } from '../scripts/run.js';
import { projectRoot } from '../src/temporal/paths.js';
import type { Rig } from './rig.js';
import type { ActivityCost } from './temporal-activity.js';

export type ActivityCosts = ({ source: string } & ActivityCost)[];

export async function activityCosts(rig: Rig): Promise<ActivityCosts> {
  const { ports, source } = rig.controlPlane();
  const cost = await measured(`127.0.0.1:${ports.frontend}`);
  const name = source.kind === 'cli' ? 'temporal CLI' : 'official modules';
  rig.say(`activity cost: ${cost.medianMs} ms on ${name} ${source.version}`);
  return [{ source: `${name} ${source.version}`, ...cost }];
}

/** In a process of its own: its worker must not share this one's threads. */
async function measured(address: string): Promise<ActivityCost> {
  const script = new URL('./temporal-activity.ts', import.meta.url).pathname;
  const out = await must(process.execPath, ['--import', 'tsx', script, address, '200'], {
    cwd: projectRoot(),
  });
  return JSON.parse(out.trim().split('\n').at(-1)!) as ActivityCost;
}
