// Proves that what is locked can still be had, and tells where a tag means something else by now.

import type { Config } from '../config/load.js';
import { type Lock, type LockEntry, readLock } from '../config/lock.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import { agrees, entryOf } from './lock-images.js';
import { Registry } from './registry.js';
import { hasPolicy, isUnchecked, signatureOf } from './signature.js';
import { type WantedImage, wantedImages } from './wanted.js';

/**
 * `moved` is no fault: the digest is what runs. `stale`: clincher.yaml and the lock disagree; `gone`: the registry has
 * the digest no more; `distrusted`: its signature is not what it was, or not whose it should be; `unknown`: not found out.
 */
export type ImageState = 'ok' | 'moved' | 'not-locked' | 'stale' | 'gone' | 'distrusted' | 'unknown';

export interface CheckedImage {
  image: WantedImage;
  state: ImageState;
  entry?: LockEntry | undefined;
  /** What the tag means today, when that is something else. */
  tagDigest?: string | undefined;
  signature?: string | undefined;
  /** Why it is unknown. */
  reason?: string | undefined;
}

export interface CheckWork {
  config: Config;
  servers: readonly Server[];
  env: NodeJS.ProcessEnv;
}

export async function checkImages({ config, servers, env }: CheckWork): Promise<CheckedImage[]> {
  const lock = readLock(config.path);
  const registry = new Registry(env);
  return Promise.all(wantedImages(servers).map((image) => checked(registry, env, lock, image)));
}

async function checked(
  registry: Registry,
  env: NodeJS.ProcessEnv,
  lock: Lock,
  image: WantedImage,
): Promise<CheckedImage> {
  const entry = entryOf(lock, image.key);
  if (entry === undefined) return { image, state: 'not-locked' };
  if (!agrees(image, entry)) return { image, entry, state: 'stale' };
  try {
    const seen = await atRegistry(registry, image, entry);
    return seen.state === 'gone' ? seen : { ...seen, ...(await withSignature(image, entry, env)) };
  } catch (error) {
    if (error instanceof ClincherError) return { image, entry, state: 'unknown', reason: error.message };
    throw error;
  }
}

async function atRegistry(registry: Registry, image: WantedImage, entry: LockEntry): Promise<CheckedImage> {
  const { repository, tag } = image;
  // One after the other: the second question goes with the login of the first.
  const there = await registry.digestOf(repository, entry.digest);
  if (there === undefined) return { image, entry, state: 'gone' };
  const tagDigest = await registry.digestOf(repository, tag);
  if (tagDigest === entry.digest) return { image, entry, state: 'ok' };
  return { image, entry, state: 'moved', ...(tagDigest === undefined ? {} : { tagDigest }) };
}

async function withSignature(
  { repository }: WantedImage,
  entry: LockEntry,
  env: NodeJS.ProcessEnv,
): Promise<{ signature?: string; state?: 'distrusted' }> {
  if (!hasPolicy(repository)) return {};
  const signature = (await signatureOf(repository, entry.digest, env)) ?? 'unsigned';
  const isLost = entry.signature === 'verified' && signature !== 'verified' && !isUnchecked(signature);
  const isBad = isLost || signature.startsWith('refused');
  return isBad ? { signature, state: 'distrusted' } : { signature };
}

export function exitOfCheck(images: readonly CheckedImage[]): number {
  const states = images.map(({ state }) => state);
  if (states.some((state) => state !== 'ok' && state !== 'moved' && state !== 'unknown')) return 3;
  return states.includes('unknown') ? 1 : 0;
}
