// Where the lab keeps what is costly to make, and how processes take turns in making it.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export function labCache(...parts: string[]): string {
  const xdg = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const folder = join(process.env['CLINCHER_CACHE'] || join(xdg, 'clincher'), 'lab');
  mkdirSync(folder, { recursive: true });
  return join(folder, ...parts);
}

export function fingerprint(...texts: string[]): string {
  return createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 12);
}

/** One process at a time; a holder that died does not count. */
export async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  const lock = labCache(`${name}.lock`);
  while (!take(lock)) await new Promise((resolve) => setTimeout(resolve, 300));
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isHeld(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isHeld(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    // Empty: taken this instant by a process that has not written its id yet.
    return pid === 0 || process.kill(pid, 0);
  } catch {
    return false;
  }
}
