// prune.containers, prune.images, prune.build-cache: what Docker keeps that no service of this server needs.
import {
  type LyingContainer,
  type LyingImage,
  lying,
  removeCache,
  removeContainer,
  removeImage,
  sized,
} from '../commands/prune.js';
import type { Server } from '../model.js';
import { sandboxImage } from '../stack/docker-door.js';
import { imagesNeeded, pinned } from '../stack/images.js';
import { PROJECT } from '../stack/services.js';
import { EGRESS_IMAGE } from '../stack/smokescreen.js';
import { change, defineStep } from './define.js';
import { runsStack } from './stack-file-step.js';

/** Whoever stopped it may be about to look at it. */
const REST_HOURS = 24;

/** Of the stack, of a sandbox, or meant to be started again by whoever stopped it. */
const isKept = ({ project, labels, restart, hours }: LyingContainer): boolean =>
  project === PROJECT ||
  labels.some((label) => label.startsWith('openclaw.')) ||
  restart !== 'no' ||
  hours < REST_HOURS;

export const pruneContainers = defineStep({
  id: 'prune.containers',
  title: 'No stopped container lies about that nobody starts again',
  why: 'Each keeps what it wrote, and its image.',
  source: 'https://docs.docker.com/reference/cli/docker/container/rm/',
  after: [],
  wanted: runsStack,
  facts: () => ({ lying }),
  plan: ({ lying: { containers } }) =>
    containers
      .filter((each) => !isKept(each))
      .map(({ id, name, state, hours, bytes }) =>
        change(
          `remove container ${name} (${state} for ${Math.floor(hours / 24)} d, ${sized(bytes)})`,
          removeContainer(id),
        ),
      ),
});

/** An upgrade gives the image of before such a name; the sandbox and what is built here have names alone. */
const OURS = 'clincher.local/';

function isNeeded({ tags, digests, isUsed }: LyingImage, want: Server): boolean {
  const locked = new Set([
    ...Object.values(want.digests),
    ...imagesNeeded(want).map((name) => pinned(want, name).split('@')[1]),
  ]);
  const names = [sandboxImage(want), EGRESS_IMAGE(want)];
  return (
    isUsed ||
    digests.some((each) => locked.has(each.split('@')[1])) ||
    tags.some((tag) => tag.startsWith(OURS) || names.includes(tag))
  );
}

const called = ({ id, tags, digests }: LyingImage): string =>
  tags[0] ?? digests[0]?.replace(/(sha256:.{12}).*/, '$1') ?? `without a name, ${id.slice(7, 19)}`;

export const pruneImages = defineStep({
  id: 'prune.images',
  title: 'Every image is used, locked for this server, or the last good one',
  why: 'Each version of OpenClaw leaves gigabytes behind; on a full disk nothing is backed up and nothing starts.',
  source: 'guide Step 16 (upgrade, last-known-good); https://docs.docker.com/reference/cli/docker/image/rm/',
  wanted: runsStack,
  facts: () => ({ lying }),
  plan: ({ lying: { images } }, want) =>
    images
      .filter((each) => !isNeeded(each, want))
      .map((each) => change(`remove image ${called(each)} (${sized(each.bytes)})`, removeImage(each.id))),
  notes: ({ lying: { images } }, want) =>
    images
      .filter((each) => !each.isUsed && isNeeded(each, want))
      .map((each) => `kept though nothing runs from it: ${called(each)} (${sized(each.bytes)})`),
});

export const pruneBuildCache = defineStep({
  id: 'prune.build-cache',
  title: 'No build cache is kept',
  why: 'The egress proxy is built once a version; what that leaves is Go’s compiler and its source.',
  source: 'https://docs.docker.com/reference/cli/docker/builder/prune/',
  wanted: runsStack,
  facts: () => ({ lying }),
  plan: ({ lying: { cache } }) =>
    cache.count === 0
      ? []
      : [change(`remove build cache (${cache.count} entries, ${sized(cache.bytes)})`, removeCache)],
});
