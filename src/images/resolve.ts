// Finds the digest behind a tag, and what is known of it.
import type { LockEntry } from '../config/lock.js';
import { ClincherError } from '../errors.js';
import { registryAddress } from './address.js';
import { platformSource, platformsOf } from './manifest.js';
import type { Registry } from './registry.js';
import type { WantedImage } from './wanted.js';

export async function resolveImage(registry: Registry, image: WantedImage, now: Date): Promise<LockEntry> {
  const [pin, other] = image.pins;
  if (other !== undefined)
    throw new ClincherError('LOCK_STALE', `${image.key} has two digests, and one file locks both servers.`, {
      remedy: ['write the same @sha256:… for every server, or different tags'],
    });
  const found = await registry.manifest(image.repository, pin ?? image.tag);
  if (found === undefined) throw notFound(image, pin);
  const platforms = await platformsBehind(registry, image.repository, found.body);
  return { digest: found.digest, resolved: `${now.toISOString().slice(0, 19)}Z`, platforms };
}

async function platformsBehind(registry: Registry, repository: string, body: unknown): Promise<string[]> {
  const source = platformSource(body);
  if (source === undefined) return [];
  return 'platforms' in source
    ? source.platforms
    : platformsOf(await registry.blob(repository, source.config));
}

function notFound({ repository, tag }: WantedImage, pin: string | undefined): ClincherError {
  const { registry, name } = registryAddress(repository);
  const what = pin === undefined ? `tag ${tag}` : `digest ${pin}`;
  return new ClincherError('IMAGE_NOT_FOUND', `${registry} has no ${what} of ${name}.`);
}
