// The host's clincher-backup (backup-program.ts): what to tell it, and what its list says.

import type { Action, Backup, BackupManifest, Command, Drill, Fact, SecretRef } from '../model.js';
import { PROGRAM } from './backup-program.js';
import { sh } from './shell.js';

export const make = (key: string): Action => ({ command: [PROGRAM, 'make', key] });

/** Keys go by stdin: they are in no list of processes, and on no disk of the host (a job's body is on a tmpfs). */
const withKeys =
  (verb: string) =>
  (id: string, keys: readonly SecretRef[]): Action => ({
    command: [PROGRAM, verb, id],
    stdin: keys.map((key) => `«${key}»\n`).join(''),
    fill: 'env',
  });

export const check = withKeys('check');
export const drill = withKeys('drill');
/** It stays beside the running stack, in clear, until `boot` or `tidy`. */
export const restore = withKeys('restore');

/** Encrypts it anew for whom the host's list names; the first key must open it then, and the others may until then. */
export const rewrap = withKeys('rewrap');

/** Of what was restored, in whatever became of it, a service is started and asked; then it is all taken away. */
export const boot = (id: string, service: string): Action => ({ command: [PROGRAM, 'boot', id, service] });

/** In what a drill prints. */
export function drilled(log: string): Drill {
  const line = /^drill: (\{.*\})$/m.exec(log)?.[1];
  if (line === undefined) throw new Error('the drill ended without a word of what it found');
  return JSON.parse(line) as Drill;
}

/** What an interrupted one left; it does nothing while another is at work. */
export const tidy: Command = [PROGRAM, 'tidy'];

/** Oldest first. */
export const backups: Fact<Backup[]> = {
  read: [PROGRAM, 'ls'],
  absent: [],
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr || stdout || `clincher-backup ended with ${exitCode}`);
    return stdout.split('\n').filter(Boolean).map(parseLine);
  },
};

/** Seconds since 1970, by the host's clock. */
export interface Kept {
  now: number;
  /** Since when the timer runs. */
  since: number;
  backups: Backup[];
}

export const kept: Fact<Kept> = {
  read: sh(
    'date +%s; date -d "$(systemctl show -P ActiveEnterTimestamp clincher-backup.timer)" +%s && exec "$1" ls',
    PROGRAM,
  ),
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr.trim() || 'clincher-backup is not there');
    const [now, since, ...lines] = stdout.split('\n');
    return { now: Number(now), since: Number(since), backups: lines.filter(Boolean).map(parseLine) };
  },
};

function parseLine(line: string): Backup {
  const [id = '', bytes, manifest = '', verified = ''] = line.split('\t');
  return {
    id,
    ...(bytes === '-' ? {} : { bytes: Number(bytes) }),
    manifest: json<BackupManifest>(manifest),
    verified: json<NonNullable<Backup['verified']>>(verified),
  };
}

/** A file that was cut short is no manifest; that is told, and the others are told all the same. */
function json<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

export const madeBy = (all: readonly Backup[], key: string): Backup | undefined =>
  all.find(({ manifest }) => manifest?.key === key);
