// stack.images: every image is on the host, by the digest that was locked.

import { build } from '../commands/compose.js';
import { images, pull, tag } from '../commands/containers.js';
import type { Change, Server } from '../model.js';
import { sandboxImage } from '../stack/docker-door.js';
import { imagesNeeded, pinned } from '../stack/images.js';
import { EGRESS_IMAGE } from '../stack/smokescreen.js';
import { change, defineStep } from './define.js';
import { runsStack } from './stack-file-step.js';

export const stackImages = defineStep({
  id: 'stack.images',
  title: 'Images are on the host, by the digests that were locked',
  why: 'A tag can be moved to other contents at any time; a digest cannot.',
  source: 'guide Steps 3 and 4; https://docs.docker.com/reference/cli/docker/image/pull/',
  after: ['stack.egress'],
  timeoutMs: 40 * 60_000,
  wanted: runsStack,
  facts: () => ({ images }),
  plan({ images: there }, want) {
    const missing = imagesNeeded(want).filter((name) => !there.has(byDigest(want, name)));
    return [
      ...missing.map((name) => change(`pull ${pinned(want, name)}`, pull(byDigest(want, name)))),
      ...tags(there, want),
      ...builds(there, want),
    ];
  },
});

/** OpenClaw asks Docker for its sandbox by tag, so the tag is made to mean what was locked. */
function tags(there: ReadonlySet<string>, want: Server): Change[] {
  if (want.openclaw.sandbox !== 'docker') return [];
  const name = sandboxImage(want);
  if (there.has(listed(pinned(want, 'sandbox')))) return [];
  return [change(`let ${name} mean ${pinned(want, 'sandbox')}`, tag(byDigest(want, 'sandbox'), name))];
}

/** How Docker lists it: by repository and digest, without the tag. */
export function byDigest(want: Server, name: Parameters<typeof pinned>[1]): string {
  const [reference = '', digest = ''] = pinned(want, name).split('@');
  return listed(`${reference.replace(/:[^:/]*$/, '')}@${digest}`);
}

const listed = (name: string): string => name.replace(/^docker\.io\/(library\/)?/, '');

function builds(there: ReadonlySet<string>, want: Server): Change[] {
  if (want.stack.egress.source !== 'build') return [];
  const tag = EGRESS_IMAGE(want);
  return there.has(tag)
    ? []
    : [change(`build ${tag} from its pinned commit`, build(want.stack.directory, 'openclaw-egress'))];
}
