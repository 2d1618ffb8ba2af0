// The vocabulary of upgrades: what runs, what is to run in its place, and what was seen meanwhile. Types only.
import type { ImageName } from './model-stack.js';

export interface UpgradeSettings {
  /** How long a new version is watched before it counts as good. */
  watch_minutes: number;
}

export interface RunningImage {
  repository: string;
  /** Its tag. */
  version: string;
  /** `sha256:…` */
  digest: string;
}

export type RunningImages = Partial<Record<ImageName, RunningImage>>;

/** One image that gives way to another; everything else runs on as it did. */
export interface Swap {
  image: ImageName;
  /** As compose calls it. */
  service: string;
  container: string;
  /** For people: the tag; with the digest where both have the same tag. */
  from: string;
  to: string;
  before: RunningImages;
  after: RunningImages;
  /** Below the folder of the stack: what the service writes, and another version may write otherwise. */
  folders: string[];
  /** Folder of the stack in a restored copy, where the new version is tried first. */
  rehearsal: string;
  /** Other images that run in another version than the configuration names. */
  others: string[];
}

/** How a service stands, as one look sees it. */
export interface Standing {
  state: string;
  health: string;
  restarts: number;
  /** ISO 8601: when its process began. */
  startedAt: string;
  /** Its image by id, `sha256:…`. */
  imageId: string;
}

/** When the gateway did not answer, as the server's own clock has it; milliseconds. */
export interface Downtime {
  gaps: { fromMs: number; toMs: number }[];
  /** Whoever asked was asking from the beginning to the end; else there may have been more. */
  whole: boolean;
}

/** What became of it, as the run's record has it. */
export interface UpgradeState {
  image: ImageName;
  from: string;
  to: string;
  /** `stuck`: neither the new one nor, for certain, the old one; a person is needed. */
  outcome: 'begun' | 'done' | 'rolled-back' | 'stuck';
  /** As long as the gateway did not answer in all, asked ten times a second on the server; absent: it was not measured whole. */
  downtimeMs?: number | undefined;
}
