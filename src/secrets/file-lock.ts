// One writer at a time: a lock file made with O_EXCL, taken over when its owner is dead.
import { open, readFile, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClincherError } from '../errors.js';

/** A write takes well under a second; a lock that is older was left behind. */
const STALE_MS = 60_000;
const RETRY_MS = 25;

export async function withFileLock<T>(path: string, work: () => Promise<T>, waitMs = 10_000): Promise<T> {
  const lock = `${path}.lock`;
  await acquire(lock, Date.now() + waitMs);
  try {
    return await work();
  } finally {
    await unlink(lock).catch(() => undefined);
  }
}

async function acquire(lock: string, deadline: number): Promise<void> {
  while (!(await tryCreate(lock))) {
    if (await isStale(lock)) await removeStale(lock);
    else if (Date.now() > deadline) throw await busy(lock);
    else await sleep(RETRY_MS + Math.random() * RETRY_MS);
  }
}

async function tryCreate(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx', 0o600);
    await file.writeFile(`${process.pid} ${hostname()}\n`);
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Two that see the same stale lock must not both remove it: the second would remove the first one's new lock. */
async function removeStale(lock: string): Promise<void> {
  const turn = `${lock}.stale`;
  if (!(await tryCreate(turn))) {
    if ((await ageOf(turn)) > STALE_MS) await unlink(turn).catch(() => undefined);
    return sleep(RETRY_MS);
  }
  try {
    if (await isStale(lock)) await unlink(lock).catch(() => undefined);
  } finally {
    await unlink(turn).catch(() => undefined);
  }
}

async function isStale(lock: string): Promise<boolean> {
  const [owner, age] = await Promise.all([ownerOf(lock), ageOf(lock)]);
  if (age > STALE_MS) return true;
  return owner !== undefined && owner.host === hostname() && !isAlive(owner.pid);
}

async function ownerOf(lock: string): Promise<{ pid: number; host: string } | undefined> {
  const text = await readFile(lock, 'utf8').catch(() => '');
  const [, pid, host] = /^(\d+) (\S+)\n$/.exec(text) ?? [];
  return pid === undefined || host === undefined ? undefined : { pid: Number(pid), host };
}

const ageOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function busy(lock: string): Promise<ClincherError> {
  const owner = await ownerOf(lock);
  const who = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  return new ClincherError('VAULT_INVALID', `${who} is writing the vault (${lock}).`, {
    remedy: ['try again', `rm ${lock}   (only when nobody is writing)`],
  });
}
