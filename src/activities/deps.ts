// What activities are built on; tests hand in doubles here and nowhere else.
import type { SecretRef, Server, SshEndpoint } from '../model.js';
import type { Links } from '../page/links.js';
import type { PinStore } from '../pins/library.js';
import type { InternalSecret, OptionalSecret } from '../secrets/internal.js';
import type { Host, Meter } from './host.js';

export interface Secrets {
  /** Throws SECRET_MISSING or SECRET_SOURCE_FAILED. */
  reveal(ref: SecretRef, server: Server): Promise<string>;
  /** The public half of an age key; throws VAULT_INVALID where the value is none. */
  publicKey(ref: SecretRef, server: Server): Promise<string>;
  missing(refs: readonly SecretRef[], server: Server): Promise<SecretRef[]>;
  /** Opens an answer that was sealed to `recipient()`. */
  unseal(sealed: string): Promise<string>;
  store(ref: SecretRef, value: string, server: Server): Promise<{ fingerprint: string }>;
  /** Makes the internal secrets of a server that are missing; names of those that were made. */
  ensureInternal(server: Server): Promise<string[]>;
  /** Those of a partition. */
  ensurePartition(partition: string, server: Server): Promise<string[]>;
  /** Of what a server may have, those that are missing: server and name of each. */
  ensureOptional(wanted: readonly (readonly [string, OptionalSecret])[], server: Server): Promise<string[]>;
  /** A new value beside the one in use, once; then one of the two goes. */
  beginRotation(name: InternalSecret, server: Server): Promise<void>;
  endRotation(name: InternalSecret, server: Server, keep: 'new' | 'old'): Promise<void>;
  /** What a person has put in takes the place of the value in use; then one of the two goes. */
  takeNext(ref: SecretRef, server: Server): Promise<void>;
  settle(ref: SecretRef, server: Server, keep: 'new' | 'old'): Promise<void>;
  /** Keys that were in use before this one and are kept, the youngest first. */
  former(ref: SecretRef, server: Server): Promise<SecretRef[]>;
  /** The whole vault, closed for these alone. */
  handOver(server: Server, recipients: readonly string[]): Promise<string>;
  /** The private key that signs audit exports; made at the first call. */
  auditKey(server: Server): Promise<string>;
  /** Our public key. */
  recipient(): Promise<string>;
  /** Takes every secret value that was revealed here out of a text. */
  redact(text: string): string;
}

export interface Hosts {
  open(server: Server, meter: Meter): Promise<Host>;
  /** Whether nobody answers at any port of SSH; soon known, of a server that is off. */
  isSilent(server: Server): Promise<boolean>;
  /** A new login by exactly this way; throws when it does not work. What is opened afterwards uses it. */
  prove(server: Server, endpoint: SshEndpoint): Promise<void>;
  /** Forget the pooled connection. */
  drop(server: Server): void;
}

export interface RunLog {
  /** Appends what a step's commands said to the run's folder. */
  append(run: string, step: string, text: string): Promise<void>;
}

/** What starts by itself under this very control plane. */
export interface ControlSchedules {
  /** Of one clincher.yaml, with this note; ids of those that stand still by it now, from a former attempt too. */
  pause(owner: string, note: string): Promise<string[]>;
  /** Those of these servers that were paused with this note. */
  resume(owner: string, servers: readonly string[], note: string): Promise<string[]>;
  /** Names of runs that change something and have not ended, but for this one. */
  openRuns(but: string): Promise<string[]>;
}

export interface Deps {
  hosts: Hosts;
  secrets: Secrets;
  log: RunLog;
  /** Contents of skills and personas, by commit. */
  pins: PinStore;
  /** Names this control plane in the mark that it leaves on hosts. */
  plane: string;
  /** Absent where activities are tried without a Temporal. */
  schedules?: ControlSchedules | undefined;
  /** Links to this worker's page; absent where it serves none. */
  page?: Pick<Links, 'mint'> | undefined;
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
