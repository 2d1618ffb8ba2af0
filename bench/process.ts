// What a process of this machine takes: memory and processor time, from /proc (proc(5)).
import { readFileSync } from 'node:fs';

/** Resident memory, MB. */
export function rssMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round((Number(kb) / 1024) * 10) / 10;
}

/** Linux counts in hundredths of a second for everybody who reads this (`getconf CLK_TCK`). */
const TICK_MS = 10;

/** Processor time since it began, of itself and of children that have ended, ms. */
export function cpuMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in brackets, with whatever in it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS;
}

export interface Usage {
  /** Of the highest of all samples, MB. */
  peakMb: number;
  /** Processor time, ms. */
  cpuMs: number;
}

/** What a process takes while this is done. */
export async function during(pid: number, work: () => Promise<unknown>): Promise<Usage & { ms: number }> {
  const began = performance.now();
  const before = cpuMs(pid);
  let peakMb = rssMb(pid);
  const timer = setInterval(() => (peakMb = Math.max(peakMb, rssMb(pid))), 250);
  try {
    await work();
    return {
      ms: performance.now() - began,
      cpuMs: cpuMs(pid) - before,
      peakMb: Math.max(peakMb, rssMb(pid)),
    };
  } finally {
    clearInterval(timer);
  }
}
