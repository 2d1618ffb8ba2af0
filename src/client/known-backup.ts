// The newest backup that some run has told of. Nothing is contacted: what the host made since then is not known here.
import type { Backup, RunState } from '../model.js';
import type { RunSummary } from './control.js';

export interface KnownBackup {
  id: string;
  /** When it was begun. */
  at: string;
  bytes: number;
  verifiedAt?: string | undefined;
  /** When the run that told of it looked. */
  seenAt: string;
}

/** `verify` looks at them every day; the others make one, read one or list them. */
const TELLS = new Set(['verify', 'backup', 'verify-backup', 'backup-list', 'upgrade']);
/** Each is a call to the engine. */
const ASKED = 3;

export async function knownBackup(
  runs: readonly RunSummary[],
  stateOf: (run: RunSummary) => Promise<RunState | undefined>,
): Promise<KnownBackup | undefined> {
  const telling = runs.filter(({ runbook, endedAt }) => endedAt !== undefined && TELLS.has(runbook));
  const states = await Promise.all(telling.slice(0, ASKED).map(stateOf));
  const seen = states.flatMap((state) =>
    (state?.backups ?? []).map((backup) => ({ backup, seenAt: state!.endedAt ?? state!.startedAt })),
  );
  const whole = seen.filter(({ backup }) => backup.bytes !== undefined && backup.manifest !== undefined);
  const newest = whole.toSorted((a, b) => (a.backup.id < b.backup.id ? 1 : -1))[0];
  if (newest === undefined) return undefined;
  const same = whole.filter(({ backup }) => backup.id === newest.backup.id);
  const verifiedAt = same
    .flatMap(({ backup }) => backup.verified?.at ?? [])
    .sort()
    .at(-1);
  const { id, bytes = 0, manifest } = newest.backup as Backup;
  const seenAt = same
    .map((each) => each.seenAt)
    .sort()
    .at(-1)!;
  return { id, at: manifest!.made, bytes, seenAt, ...(verifiedAt ? { verifiedAt } : {}) };
}
