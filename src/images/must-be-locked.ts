// For what looks at locked contents and must not go and find others: every image has a digest in the lock, or it stops here.
import type { Config } from '../config/load.js';
import { LOCK_NAME, type LockEntry, readLock } from '../config/lock.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import { agrees, entryOf } from './lock-images.js';
import { type WantedImage, wantedImages } from './wanted.js';

export function mustBeLocked(
  config: Config,
  servers: readonly Server[],
): { image: WantedImage; entry: LockEntry }[] {
  const lock = readLock(config.path);
  const found = wantedImages(servers).map((image) => ({ image, entry: entryOf(lock, image.key) }));
  const missing = found.filter(({ image, entry }) => entry === undefined || !agrees(image, entry));
  if (missing.length > 0) throw notLocked(missing.map(({ image }) => image.key));
  return found.flatMap(({ image, entry }) => (entry === undefined ? [] : [{ image, entry }]));
}

const notLocked = (keys: readonly string[]): ClincherError =>
  new ClincherError('IMAGE_NOT_LOCKED', `Not in ${LOCK_NAME} yet: ${keys.join(', ')}.`, {
    remedy: ['clincher images lock', 'a run does it by itself: clincher run provision -s <server>'],
  });
