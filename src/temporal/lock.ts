// One holder at a time, over processes: a file that names its holder, and that a dead holder loses.
import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Identity, isAlive, isSame, self } from './identity.js';
import { readJson } from './json-file.js';
import { makeFolder } from './paths.js';

export const holder = (path: string) => readJson<Identity>(path);

export const holds = (path: string, who: Identity = self()) => isSame(holder(path), who);

export function acquire(path: string, who: Identity = self()): boolean {
  makeFolder(dirname(path));
  for (let attempt = 0; attempt < 5; attempt++) {
    if (create(path, who)) return true;
    const seen = holder(path);
    if (isAlive(seen)) return false;
    takeAway(path, seen);
  }
  return false;
}

export function release(path: string, who: Identity = self()): void {
  if (holds(path, who)) rmSync(path, { force: true });
}

/** link(2) fails when the name exists, and the name appears with its content in one go. */
function create(path: string, who: Identity): boolean {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, JSON.stringify(who), { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Between our look and the rename somebody may have taken the lock rightfully: then it is given back. */
function takeAway(path: string, seen: Identity | undefined): void {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const taken = readJson<Identity>(aside);
  if (!isSame(taken, seen) && isAlive(taken)) create(path, taken);
  rmSync(aside, { force: true });
}
