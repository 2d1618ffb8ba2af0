// Images of a server by what they are pinned to; those that are not locked say so.
import type { ImageName, Server } from '../model.js';
import { imageKey, imagesNeeded, imageTag } from '../stack/images.js';

export const pinnedImages = (server: Server): [ImageName, string][] =>
  (server.stack.enabled ? imagesNeeded(server) : []).map((name) => {
    const image = imageTag(server.stack.images[name]);
    const digest = image.digest ?? server.digests[name] ?? 'not locked';
    return [name, `${imageKey(image)}@${digest}`];
  });
