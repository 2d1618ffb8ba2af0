// The vocabulary of backups: what a server keeps, and what is known of each. Types only.

export interface BackupSettings {
  /** Absent stack or standby: none are made whatever this says. */
  enabled: boolean;
  /** HH:MM in the server's time zone. */
  at: string;
  keep_days: number;
  /** Public keys of age that may open backups besides the server's own key in the vault. */
  recipients: string[];
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
