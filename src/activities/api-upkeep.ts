// What the runbooks that keep a server fit may ask of the world, as types: reboot, prune, drift, scan-images, rotate-ssh, memory.
import type { Owner } from '../commands/owner.js';
import type { Acceptance, BootSeen, ChangeView, Proof, Server, Span, StaleConversations } from '../model.js';
import type { DrillResult, TaskInput, TaskResult } from './api.js';

/** A step, and how it differs. */
export interface DriftedStep {
  id: string;
  changes: ChangeView[];
}

export interface AcceptedDriftInput {
  server: Server;
  steps: DriftedStep[];
}

export interface AcceptDriftInput {
  server: Server;
  run: string;
  who: string;
  step: DriftedStep;
}

export interface RebootInput extends TaskInput {
  /** The boot that was decided about: in another nothing is done. */
  bootId: string;
}

export interface AwaitedBoot extends RebootInput {
  /** By the worker's clock; a host that is not back by then needs a person. */
  untilMs: number;
}

export interface SettledReboot extends RebootInput {
  /** By the host's clock: when the first container was told to stop. */
  fromMs?: number | undefined;
}

export interface LoginInput {
  /** Has exactly the key that is tried. */
  server: Server;
  expected: 'taken' | 'refused';
}

export interface MemorySeen {
  /** Figures of the index, in words. */
  told: string;
  /** Why it should be made anew; empty: nothing asks for it. */
  why: string[];
  /** All of it, not only what differs. */
  everything: boolean;
  remote: Span[];
}

export interface IndexInput extends TaskInput {
  everything: boolean;
}

/** Whose a server is, as it says itself. */
export interface OwnerSeen {
  owner: Owner | null;
  isOurs: boolean;
  remote: Span[];
}

export interface AdoptInput extends TaskInput {
  /** Whose it was when it was asked: where that is no longer so, somebody was faster. */
  seen: Owner | null;
}

export interface UpkeepActivities {
  /** Which control plane has adopted it. Changes nothing. */
  seeOwner(input: { server: Server }): Promise<OwnerSeen>;
  /** Makes it this control plane's; throws ADOPTED where another was faster, FOREIGN_LOCK where it wants a reason. */
  adopt(input: AdoptInput): Promise<TaskResult>;
  /** The index of the memory against the files, and what it takes. Changes nothing. */
  seeMemory(input: { server: Server }): Promise<MemorySeen>;
  /** Makes the index anew and asks the gateway for what is in it; throws MEMORY_FAILED, and the old one is there. */
  indexMemory(input: IndexInput): Promise<DrillResult>;
  /** Conversations that OpenClaw's own maintenance would take out. Changes nothing. */
  staleConversations(input: { server: Server }): Promise<{ stale: StaleConversations; remote: Span[] }>;
  /** Has it do so, and proves that none is left. */
  clearConversations(input: TaskInput): Promise<TaskResult>;
  /** Logs in anew as the user of the configuration; throws NOT_ROTATED where that comes out otherwise. */
  tryLogin(input: LoginInput): Promise<TaskResult>;
  /** Known holes in the images that run, by trivy where the server has it; unknown where not. Changes nothing. */
  scanImages(input: { server: Server }): Promise<Proof>;
  /** What differs just as it did when a person let it be. Changes nothing. */
  acceptedDrift(input: AcceptedDriftInput): Promise<{ accepted: Acceptance[]; remote: Span[] }>;
  /** Keeps on the host that a person lets it be. */
  acceptDrift(input: AcceptDriftInput): Promise<void>;
  /** Bytes that are free where images and backups lie. Changes nothing. */
  freeSpace(input: { server: Server }): Promise<{ bytes: number; remote: Span[] }>;
  /** Which boot the host is in, and why it should have another. Changes nothing. */
  seeBoot(input: { server: Server }): Promise<{ boot: BootSeen; reasons: string[]; remote: Span[] }>;
  /** Every container stops, the gateway first, each in its own time; Docker starts them at its next start. */
  drainHost(input: RebootInput): Promise<TaskResult & { fromMs?: number | undefined }>;
  /** Reboots, and returns when the host is there in another boot; throws NOT_BACK. */
  rebootHost(input: AwaitedBoot): Promise<TaskResult>;
  /** Containers obey a person's `docker stop` again; tells how long the gateway did not answer. */
  settleReboot(input: SettledReboot): Promise<TaskResult>;
}
