// Resolves images and writes the lock file: what is missing, or everything anew. All failures are told at once.

import type { Config } from '../config/load.js';
import { type Lock, type LockEntry, readLock } from '../config/lock.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import { updateLock } from './lock-file.js';
import { type ImageProblem, imagesError } from './problems.js';
import { Registry } from './registry.js';
import { resolveImage } from './resolve.js';
import { hasPolicy, isUnchecked, signatureOf } from './signature.js';
import { type WantedImage, wantedImages } from './wanted.js';

export interface LockWork {
  config: Config;
  servers: readonly Server[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  now: Date;
  /** Asks for tags that are locked already, too. */
  upgrade?: boolean | undefined;
  /** Forgets images that no server needs; only right when `servers` are all. */
  prune?: boolean | undefined;
  /** Before a run: a digest in clincher.yaml that differs from the lock is an error, and what is locked is left alone. */
  strict?: boolean | undefined;
  /** Finds out what would be locked and writes nothing, as a plan does. */
  dry?: boolean | undefined;
}

export interface LockedImage {
  image: WantedImage;
  entry: LockEntry;
  before?: LockEntry | undefined;
}

export interface Locked {
  images: LockedImage[];
  dropped: string[];
}

export async function lockImages(work: LockWork): Promise<Locked> {
  const lock = readLock(work.config.path);
  const registry = new Registry(work.env);
  const wanted = wantedImages(work.servers);
  const settled = await Promise.all(wanted.map((image) => lockedOrProblem(work, registry, lock, image)));
  const problems = settled.flatMap((one) => ('error' in one ? one : []));
  if (problems.length > 0) throw imagesError(work.config, work.cwd, problems);
  const images = settled.flatMap((one) => ('entry' in one ? one : []));
  const dropped = work.prune ? unneeded(lock, wanted) : [];
  const isNews = dropped.length > 0 || images.some(({ entry, before }) => entry !== before);
  // A run from a folder that may only be read is fine, as long as all is locked.
  if (isNews && !work.dry) await updateLock(work.config.path, (now) => merged(now, images, dropped));
  return { images, dropped };
}

async function lockedOrProblem(
  work: LockWork,
  registry: Registry,
  lock: Lock,
  image: WantedImage,
): Promise<LockedImage | ImageProblem> {
  const before = entryOf(lock, image.key);
  try {
    return { image, before, entry: await entryFor(work, registry, image, before) };
  } catch (error) {
    if (error instanceof ClincherError) return { image, error };
    throw error;
  }
}

async function entryFor(
  work: LockWork,
  registry: Registry,
  image: WantedImage,
  before: LockEntry | undefined,
): Promise<LockEntry> {
  if (before !== undefined && work.strict) assertAgreement(image, before);
  const isFresh = before !== undefined && !work.upgrade && agrees(image, before);
  const found = isFresh ? before : await resolveImage(registry, image, work.now);
  // The same contents under a newer date would only make a diff to read.
  const entry = before !== undefined && found.digest === before.digest ? before : found;
  const isSettled = !isUnchecked(entry.signature) || (work.strict && entry === before);
  if (!hasPolicy(image.repository) || isSettled) return entry;
  return { ...entry, signature: await signatureOf(image.repository, entry.digest, work.env) };
}

export const entryOf = (lock: Lock, key: string): LockEntry | undefined =>
  Object.hasOwn(lock, key) ? lock[key] : undefined;

export const agrees = ({ pins }: WantedImage, { digest }: LockEntry): boolean =>
  pins.every((pin) => pin === digest);

function assertAgreement(image: WantedImage, before: LockEntry): void {
  if (agrees(image, before)) return;
  throw new ClincherError('LOCK_STALE', `${image.key} is locked as ${before.digest}, another digest.`);
}

const unneeded = (lock: Lock, wanted: readonly WantedImage[]): string[] =>
  Object.keys(lock)
    .filter((key) => !wanted.some((image) => image.key === key))
    .toSorted();

function merged(now: Lock, images: readonly LockedImage[], dropped: readonly string[]): Lock {
  const kept = Object.entries(now).filter(([key]) => !dropped.includes(key));
  return Object.fromEntries([
    ...kept,
    ...images.map(({ image, entry }): [string, LockEntry] => [image.key, entry]),
  ]);
}
