// The vocabulary of checks: verdicts that are no states. Types only.

import type { Facts, FactValues, HostContext, Server, Span } from './model.js';
import type { Backup } from './model-backup.js';

/** Unknown is neither: what could not be asked has proved nothing. */
export type CheckVerdict = 'pass' | 'fail' | 'unknown';

export interface Judgement {
  verdict: CheckVerdict;
  /** What was seen, a line each; never a secret. */
  evidence: string[];
  /** What to type next. */
  remedy: string[];
}

/** Where a check's facts are read: on the host, from another machine, or in the vault beside the configuration. */
export type Vantage = 'host' | 'outside' | 'vault';

/** Something that must be so although no step makes it so: how the parts behave together, seen from where it matters. */
export interface Check<F extends Facts = Facts> {
  /** `verify.*` must hold before anything is exposed, `exposed.*` once it is, `kept.*` as time goes by. */
  id: string;
  title: string;
  /** One or two sentences for the operator: what goes wrong without it. */
  why: string;
  source: string;
  vantage: Vantage;
  /** False: the configuration does not ask for it. Absent: always wanted. */
  wanted?(server: Server): boolean;
  facts(server: Server): F;
  /** Pure. What it throws makes the verdict unknown. */
  judge(facts: FactValues<F>, server: Server, host: HostContext): Judgement;
}

/** A check over facts of any type, as the table of contents holds them. */
// biome-ignore lint/suspicious/noExplicitAny: the facts of a check are its own affair
export type AnyCheck = Check<any>;

export interface CheckResult {
  id: string;
  title: string;
  why: string;
  source: string;
  vantage: Vantage;
  verdict: CheckVerdict | 'skipped';
  evidence: string[];
  remedy: string[];
}

/** What the checks found, read in one round trip on the host and one from outside. */
export interface Proof {
  checks: CheckResult[];
  /** From where was looked in: the name of a server, or the machine of the worker. */
  outside: string;
  remoteMs: number;
  remote: Span[];
  roundTrips: number;
  /** Where they were looked at: the newest, and the newest that was read. */
  backups?: Backup[] | undefined;
  /** Of runbooks that ask models: what that cost by LiteLLM's own count. */
  spent?: string | undefined;
}
