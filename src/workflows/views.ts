// How a run looks at its server during an upgrade: with the images of before or after, or as a copy that is only tried.
import type { RunningImages, Server } from '../model.js';
import { alone } from './partitions.js';
import type { View } from './story.js';

/** Its partitions stay as they are: what is tried on a copy of one gateway is not tried for another. */
export const asRunning =
  (images: RunningImages): View =>
  (server) => {
    const own = alone(server);
    return {
      ...own,
      stack: { ...own.stack, images: { ...own.stack.images, ...tags(images) } },
      digests: { ...own.digests, ...digests(images) },
    };
  };

const mapped = <T>(images: RunningImages, of: (image: NonNullable<RunningImages['openclaw']>) => T) =>
  Object.fromEntries(Object.entries(images).map(([name, image]) => [name, of(image)]));

const tags = (images: RunningImages): Partial<Server['stack']['images']> =>
  mapped(images, ({ repository, version }) => ({ repository, version }));
const digests = (images: RunningImages): Server['digests'] => mapped(images, ({ digest }) => digest);

const inStack =
  (view: View, more: Partial<Server['stack']>): View =>
  (server) => {
    const seen = view(server);
    return { ...seen, stack: { ...seen.stack, ...more } };
  };

export const asTrial = (view: View, directory: string): View => inStack(view, { directory, is_trial: true });

/** A start may take three times as long as it took on the copy, and a minute more: a version earns its patience. */
export const startingWithin = (view: View, bootMs: number): View =>
  bootMs === 0 ? view : inStack(view, { start_within_seconds: 60 + Math.ceil((3 * bootMs) / 1000) });
