// The worker's memory after 20 and after 200 converged runs: what grows between them would grow for ever.
import { rssMb } from './process.js';
import type { Rig } from './rig.js';
import { converged } from './second-run.js';

export interface Memory {
  runs: number;
  rssAfter20Mb: number;
  rssAfterAllMb: number;
  growth: number;
  /** Every ten runs. */
  samplesMb: number[];
}

const EARLY = 20;

export async function memory(rig: Rig, runs: number): Promise<Memory> {
  const { pid } = rig.controlPlane().children.worker;
  const samplesMb: number[] = [];
  let early = 0;
  for (let n = 1; n <= runs; n++) {
    await converged(rig);
    if (n === EARLY) early = rssMb(pid);
    if (n % 10 === 0) samplesMb.push(rssMb(pid));
    if (n % 20 === 0) rig.say(`memory: after ${n} runs the worker has ${rssMb(pid)} MB`);
  }
  if (rig.controlPlane().children.worker.pid !== pid) throw new Error('the worker was restarted meanwhile');
  const rssAfterAllMb = rssMb(pid);
  return { runs, rssAfter20Mb: early, rssAfterAllMb, growth: rssAfterAllMb / early - 1, samplesMb };
}
