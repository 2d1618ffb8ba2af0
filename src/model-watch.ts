// The vocabulary of the watchdog: what is wrong now, what of it people know already, and what is remembered from look to look. Types only.
import type { Check, CheckResult, Facts, FactValues, SecretRef, Server, Span } from './model.js';

export interface WatchdogSettings {
  /** Whether a container that Docker calls unhealthy is restarted without asking. */
  heal: boolean;
  /** Of a file system, its space and its inodes. */
  disk_percent: number;
  memory_percent: number;
  swap_percent: number;
  /** Of a model's budget. */
  spend_percent: number;
  /** Starts over by Docker within an hour; more are too many. */
  restarts: number;
  /** A certificate that ends within so many days was not renewed. */
  certificate_days: number;
  /** What is still wrong after so many minutes is told again. */
  cooldown_minutes: number;
  /** The whole address that is called after each look: somebody there notices when no call comes. */
  ping?: SecretRef | undefined;
}

export type AlertLevel = 'warning' | 'critical';

/** One thing that is wrong now. */
export interface Symptom {
  /** Which one, where a watch looks at several: a service, a mount point. */
  about: string;
  level: AlertLevel;
  /** One line, without a figure that changes from look to look where that can be. */
  text: string;
  remedy: string[];
  /** In so many looks in a row it must be seen before anybody is told; absent: in one. */
  looks?: number | undefined;
  /** The service that a restart may mend. */
  heals?: string | undefined;
}

export interface Judged {
  symptoms: Symptom[];
  /** What there is to say where nothing is wrong. */
  fine: string;
}

/** What a look knows besides its facts. */
export interface WatchContext {
  /** By the worker's clock. */
  nowMs: number;
  /** Starts over within the last hour, by container. */
  restarts: Readonly<Record<string, number>>;
  /** The run that is at work on the server: what it stops is meant to be stopped. */
  heldBy?: string | undefined;
}

/** Something that is looked at every few minutes, named `watch.disk`. Cheap, and without an effect. */
export interface Watch<F extends Facts = Facts> extends Omit<Check<F>, 'judge'> {
  /** Pure. What it throws makes it unknown. */
  judge(facts: FactValues<F>, server: Server, context: WatchContext): Judged;
}

/** A watch over facts of any type, as the table of contents holds them. */
// biome-ignore lint/suspicious/noExplicitAny: the facts of a watch are its own affair
export type AnyWatch = Watch<any>;

/** A symptom by its name for ever: `watch.disk:/var`. */
export interface KeyedSymptom extends Symptom {
  key: string;
}

/** Docker's own counter of a container, and when it rose. */
export interface RestartCount {
  seen: number;
  rises: { atMs: number; by: number }[];
}

export type Restarts = Record<string, RestartCount>;

export interface Observed {
  symptoms: KeyedSymptom[];
  /** Watches that could be asked: what they do not complain of is well. */
  judged: string[];
  checks: CheckResult[];
  restarts: Restarts;
  heldBy?: string | undefined;
  remote: Span[];
}

/** One thing that is wrong, or was, and what people were told of it. Times as in ISO 8601. */
export interface Alert {
  key: string;
  level: AlertLevel;
  text: string;
  remedy: string[];
  since: string;
  /** Looks in a row in which it was seen, and in which it was not. */
  seen: number;
  unseen: number;
  /** It is told from that look on. */
  looks: number;
  /** When people were last told. */
  saidAt?: string | undefined;
  overAt?: string | undefined;
}

export interface Heal {
  service: string;
  atMs: number;
}

/** What one look leaves to the next. */
export interface WatchMemory {
  at: string;
  /** Between the last two looks. */
  everyMs?: number | undefined;
  alerts: Alert[];
  restarts: Restarts;
  heals: Heal[];
  /** Alert channels that do not take anything at the moment. */
  deaf: { channel: string; why: string; since: string }[];
  /** Why nobody at the other end of `watchdog.ping` has heard of this look. */
  pingFailed?: string | undefined;
}

/** The last look, as whoever asks later sees it. */
export interface WatchSeen extends Pick<WatchMemory, 'at' | 'everyMs' | 'alerts' | 'deaf' | 'pingFailed'> {
  server: string;
}
