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

/** Into its place, on a server that has no state yet. */
export const recover = withKeys('recover');

/** The same on a standby, for a drill: what is there is put aside, and comes back by `vacate`. */
export const occupy = withKeys('occupy');

/** Of `occupy`, whatever became of it; nothing where there was none. */
export const vacate: Action = { command: [PROGRAM, 'vacate'] };

/** What the gateway knows that was started of it. */
export const answers = (id: string): Action => ({ command: [PROGRAM, 'answers', id] });

/** Back from the far end; nothing where it is here. */
export const fetch = (id: string): Action => ({ command: [PROGRAM, 'fetch', id] });

/** On a standby: the newest of the far end; nothing where it is here. */
export const pull: Action = { command: [PROGRAM, 'pull'] };

/** Encrypts it anew for whom the host's list names; the first key must open it then, and the others may until then. */
export const rewrap = withKeys('rewrap');

/** Of what was restored, in whatever became of it, a service is started and asked; then it is all taken away. */
export const boot = (id: string, service: string): Action => ({ command: [PROGRAM, 'boot', id, service] });

/** Copies what is not at the far end yet; `all`: what is there is read back, too. */
export const offsite = (all: boolean): Action => ({ command: [PROGRAM, 'offsite', all ? 'all' : 'new'] });

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

/** Of a standby, which makes none itself: since when is not asked. */
export const standbyKept: Fact<Omit<Kept, 'since'>> = {
  read: sh('date +%s && exec "$1" ls', PROGRAM),
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr.trim() || 'clincher-backup is not there');
    const [now, ...lines] = stdout.split('\n');
    return { now: Number(now), backups: lines.filter(Boolean).map(parseLine) };
  },
};

export interface There {
  now: number;
  /** Since when copies are made by a timer. */
  since: number;
  /** Bytes by `id/file`. */
  files: Map<string, number>;
}

/** What the far end says that it has, now; unknown where it does not answer. */
export const there: Fact<There> = {
  read: sh(
    'date +%s; date -d "$(systemctl show -P ActiveEnterTimestamp clincher-offsite.timer)" +%s && exec "$1" there',
    PROGRAM,
  ),
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0)
      throw new Error(
        `the far end cannot be asked: ${stderr.trim().split('\n').at(-1) || `exit ${exitCode}`}`,
      );
    const [now, since, ...lines] = stdout.split('\n');
    const files = lines.filter(Boolean).map((line): [string, number] => {
      const [name = '', bytes] = line.split('\t');
      return [name, Number(bytes)];
    });
    return { now: Number(now), since: Number(since), files: new Map(files) };
  },
};

function parseLine(line: string): Backup {
  const [id = '', bytes, manifest = '', verified = '', offsite = ''] = line.split('\t');
  return {
    id,
    ...(bytes === '-' ? {} : { bytes: Number(bytes) }),
    manifest: json<BackupManifest>(manifest),
    verified: json<NonNullable<Backup['verified']>>(verified),
    ...(offsite === '' ? {} : { offsite: json<NonNullable<Backup['offsite']>>(offsite) }),
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
