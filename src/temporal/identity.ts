// Which process is meant: a pid alone is reused by strangers, a pid with its start time is not.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Identity {
  pid: number;
  /** When it started, in a form that only equality makes sense of. */
  start: string;
}

export function identify(pid: number): Identity | undefined {
  const start = process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
  return start === undefined ? undefined : { pid, start };
}

export const self = (): Identity => identify(process.pid) ?? { pid: process.pid, start: 'unknown' };

export function isAlive(process: Identity | undefined): process is Identity {
  return process !== undefined && identify(process.pid)?.start === process.start;
}

export const isSame = (a: Identity | undefined, b: Identity | undefined) =>
  a?.pid === b?.pid && a?.start === b?.start;

function startFromProc(pid: number): string | undefined {
  try {
    return startOfStat(readFileSync(`/proc/${pid}/stat`, 'utf8'), bootId());
  } catch {
    return undefined;
  }
}

/** Field 22 counts ticks since boot, so the boot belongs to it; a zombie no longer runs. */
export function startOfStat(stat: string, boot: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${fields[19]}@${boot}`;
}

const bootId = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);

function startFromPs(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

export function signal(target: Identity | undefined, name: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}

/** Asks, waits, insists. Answers true when it ended by itself. */
export async function end(target: Identity | undefined, graceMs: number): Promise<boolean> {
  signal(target, 'SIGTERM');
  if (await gone(target, graceMs)) return true;
  signal(target, 'SIGKILL');
  await gone(target, 5_000);
  return false;
}

export async function gone(target: Identity | undefined, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (isAlive(target)) {
    if (Date.now() >= until) return false;
    await sleep(25);
  }
  return true;
}
