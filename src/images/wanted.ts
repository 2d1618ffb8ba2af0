// The images that servers need, each `repository:tag` once, with everybody who needs it.
import type { ImageName, Server } from '../model.js';
import { imageKey, imagesNeeded, imageTag } from '../stack/images.js';

export interface WantedImage {
  /** `repository:tag`. */
  key: string;
  repository: string;
  tag: string;
  /** Digests that clincher.yaml itself writes behind the tag; one, if any, unless servers contradict each other. */
  pins: string[];
  uses: { server: string; name: ImageName }[];
}

/** In the order of their keys, as in the lock file. */
export function wantedImages(servers: readonly Server[]): WantedImage[] {
  const found = new Map<string, WantedImage>();
  for (const server of servers) for (const name of imagesNeeded(server)) add(found, server, name);
  return [...found.values()].toSorted(byKey);
}

function add(found: Map<string, WantedImage>, server: Server, name: ImageName): void {
  const { digest, ...image } = imageTag(server.stack.images[name]);
  const key = imageKey(image);
  const wanted = found.get(key) ?? { key, ...image, pins: [], uses: [] };
  if (digest !== undefined && !wanted.pins.includes(digest)) wanted.pins.push(digest);
  wanted.uses.push({ server: server.name, name });
  found.set(key, wanted);
}

/** By code unit, so that every machine writes the same file. */
const byKey = (a: WantedImage, b: WantedImage): number => (a.key < b.key ? -1 : 1);
