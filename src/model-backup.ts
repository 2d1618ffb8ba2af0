// The vocabulary of backups: what a server keeps, and what is known of each. Types only.
import type { SecretRef } from './model.js';

export interface BackupSettings {
  /** Absent stack or standby: none are made whatever this says. */
  enabled: boolean;
  /** HH:MM in the server's time zone. */
  at: string;
  keep_days: number;
  /** Public keys of age that may open backups besides the server's own key in the vault. */
  recipients: string[];
  /** Absent: no copies elsewhere. */
  offsite?: OffsiteSettings | undefined;
}

/** A far end for copies: an object store, or files of another server. `type` says which of the others count. */
export interface OffsiteSettings {
  type: 's3' | 'b2' | 'sftp';
  /** A folder there; the server's own is made below it. */
  path: string;
  /** Absent: clincher removes nothing there. */
  keep_days?: number | undefined;
  bucket?: string | undefined;
  access_key: SecretRef;
  secret_key: SecretRef;
  /** rclone's name of whose S3 it is. */
  provider: string;
  endpoint?: string | undefined;
  region?: string | undefined;
  host?: string | undefined;
  port: number;
  user?: string | undefined;
  /** A private key of SSH. */
  key: SecretRef;
  /** Public keys of that server: of whoever has none of them nothing is believed. */
  host_keys: string[];
}

/** As the host writes it beside the archive. Times are ISO 8601, sizes bytes. */
export interface BackupManifest {
  format: 'clincher.backup/1';
  id: string;
  server: string;
  /** Of the run that asked for it; `timer-…` where the host did by itself. */
  key: string;
  made: string;
  /** Of the archive as it lies there, encrypted. */
  sha256: string;
  bytes: number;
  contentBytes: number;
  /** How long the gateway and the cache stood still. */
  pauseMs: number;
  tookMs: number;
  stack: string;
  /** Absolute; inside the archive without the first slash. */
  paths: string[];
  images: { service: string; image: string; id: string }[];
  recipients: string[];
  /** Of the gateway's container; absent in older ones. */
  hostname?: string | undefined;
  os: string;
  docker: string;
}

export interface Backup {
  id: string;
  /** Of the archive that is there; absent: there is none. */
  bytes?: number | undefined;
  /** Absent: it cannot be read, so this is no backup. */
  manifest?: BackupManifest | undefined;
  /** When it was last read to its end, and found whole. */
  verified?: { at: string; entries: number; tookMs: number } | undefined;
  /** When its copy elsewhere was last read back; `differed`: when it was seen not to be what had been sent. */
  offsite?: { at: string; sha256: string; where: string; differed?: string | undefined } | undefined;
}

/** What lies at the far end under the name of a backup. */
export interface OffsiteCopy {
  id: string;
  /** Of the archive there; absent: only something else of it is. */
  bytes?: number | undefined;
  /** Archive and manifest are there, and as large as the server knows them. */
  isWhole: boolean;
  /** The server has the backup, too. */
  isHere: boolean;
  /** When it was last read back and its SHA-256 was that of the manifest; ISO 8601. */
  comparedAt?: string | undefined;
}

export interface OffsiteSeen {
  /** The far end, as a person reads it. */
  where: string;
  /** Oldest first. */
  copies: OffsiteCopy[];
}

/** What a restored gateway said of itself; HTTP statuses, or why there was none. */
export interface Drill {
  /** Id of the backup. */
  backup: string;
  restoreMs: number;
  /** From the start of the container until it was ready. */
  bootMs: number;
  /** Null: another service than the gateway was started, which has nothing to tell. */
  answer: {
    ready: number | string;
    anonymous: number;
    token: number;
    /** `known`: it told it; `none`: nothing is remembered; `off`: it has no such tool; else what went wrong. */
    memory: string;
    authMode: string;
    valid: boolean;
    /** Exit code of `openclaw doctor`, which some versions end badly with on a sound configuration. */
    doctor: number;
    version: string;
  } | null;
}

/** What the server itself remembers of a restore drill. Times are ISO 8601, sizes bytes. */
export interface DrillRecord {
  at: string;
  run: string;
  /** Id of the backup. */
  backup: string;
  /** Of what was restored. */
  contentBytes?: number | undefined;
  /** Absent: it did not come so far. */
  restoreMs?: number | undefined;
  bootMs?: number | undefined;
  /** Of a drill of the whole recovery, on a standby; absent: the gateway alone was started, beside the running stack. */
  recovery?: RecoveryTimes | undefined;
  /** Of the gateway that was started. */
  version?: string | undefined;
  /** Checks that did not hold, by their ids; or the code of what ended it. */
  failed: string[];
}

/** Milliseconds. */
export interface RecoveryTimes {
  /** How old the backup was when the drill began: what a recovery would have lost. Absent: there was none. */
  rpoMs?: number | undefined;
  /** From the start to a gateway that was proved, without people. Absent: it did not come so far. */
  rtoMs?: number | undefined;
  phases: { name: string; ms: number }[];
}
