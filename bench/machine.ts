// On what machine the figures were taken: enough to judge them by, nothing that names it.
import { cpus, loadavg, release, totalmem } from 'node:os';

export interface Machine {
  cores: number;
  cpu: string;
  memoryGib: number;
  kernel: string;
  node: string;
  /** Of the last minute at the start: above the number of cores, others were at work too. */
  load: number;
}

export const machine = (): Machine => ({
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
  memoryGib: Math.round(totalmem() / 1024 ** 3),
  kernel: release(),
  node: process.version,
  load: Math.round(loadavg()[0]! * 10) / 10,
});
