// The vocabulary of a failover: who sees the old server, what keeps it from answering, and how long each part took. Types only.

export interface FailoverSettings {
  /** Run by the worker, where the old server cannot be reached by SSH; ends with 0 once that is off. */
  fence_command?: string | undefined;
  fence_timeout_seconds: number;
}

/** What one machine sees of a server. `unknown`: it could not be asked itself, so it says nothing. */
export interface Sighting {
  /** `worker`, or the name of a server. */
  from: string;
  sees: 'answers' | 'silent' | 'unknown';
  /** In a person's words. */
  what: string;
}

/**
 * What keeps the old server's gateway from the bot: `stopped` there over SSH; `command`: what the configuration names for it
 * has cut it off; `revoked`: the bot's old token is refused by Telegram; `powered-off`: a person says so.
 */
export type Fence = 'stopped' | 'command' | 'revoked' | 'powered-off';

/** A part of a recovery. */
export interface Phase {
  name: string;
  ms: number;
  /** Of that, what waited for a person. */
  waitedMs: number;
}
