// Images of OpenClaw that are broken on purpose: each starts where it is only tried, and fails where it is alive, but one.
import type { Say } from '../../../scripts/patiently.js';
import { buildFolder, inFolder, putFiles } from '../build.js';
import { exclusively } from '../cache.js';
import { docker } from '../docker.js';
import { registryName } from './registry.js';
import { digestOf } from './registry-api.js';

export interface Broken {
  /** Version of the sound image that it is made of: a tag may add to it, as weekly ones do, since the program knows its own. */
  of: '2026.3.13' | '2026.9.6';
  tag: string;
  /** Shell text, run in place of the gateway's start; `$real` is Node. */
  start: string;
}

const LIVE = '[ -e /sys/class/net/eth0 ]';
const NEVER = 'echo "broken on purpose: it does not start" >&2; exit 1';
const diesAfter = (seconds: number): string =>
  `(until curl -fs -o /dev/null http://127.0.0.1:18789/readyz; do sleep 0.5; done; sleep ${seconds}; kill -9 $$) &`;

export const BROKEN = {
  'never starts': { of: '2026.3.13', tag: '2026.3.13-r20260314', start: `if ${LIVE}; then ${NEVER}; fi` },
  'dies after 40 s': {
    of: '2026.3.13',
    tag: '2026.3.13-r20260315',
    start: `if ${LIVE}; then ${diesAfter(40)} fi`,
  },
  // The one before it does not read what it makes of configuration and state.
  'migrates, then dies': {
    of: '2026.9.6',
    tag: '2026.9.6-r20260907',
    start: `if ${LIVE}; then ${diesAfter(10)} fi`,
  },
  'never starts, not even on a copy': { of: '2026.3.13', tag: '2026.3.13-r20260316', start: NEVER },
} satisfies Record<string, Broken>;

export type BrokenName = keyof typeof BROKEN;

const wrapper = (start: string): string => `#!/bin/sh
real=/usr/local/bin/node.real
case " $* " in *" openclaw.mjs gateway "*) ;; *) exec "$real" "$@" ;; esac
${start}
exec "$real" "$@"
`;

const dockerfile = (of: string): string => `FROM ${registryName}/openclaw/openclaw:${of}
USER root
RUN cp -L "$(command -v node)" /usr/local/bin/node.real && rm -f "$(command -v node)"
COPY node /usr/local/bin/node
RUN chmod 755 /usr/local/bin/node
USER node
`;

/** In the lab's registry, beside the sound ones. */
export async function ensureBroken(name: BrokenName, say: Say): Promise<string> {
  const { of, tag, start }: Broken = BROKEN[name];
  const image = `${registryName}/openclaw/openclaw:${tag}`;
  await exclusively(`image-of-broken-${tag}`, async () => {
    if ((await digestOf(registryName, 'openclaw/openclaw', tag)) !== undefined) return;
    say(`Making openclaw:${tag}, which ${name}`);
    await inFolder(async (folder) => {
      putFiles(folder, { Dockerfile: dockerfile(of), node: wrapper(start) });
      await buildFolder(image, folder);
    });
    await docker(['push', '-q', image]);
  });
  return tag;
}
