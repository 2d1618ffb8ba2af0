// The guide's OpenClaw under another tag and digest: an upgrade between the two has nothing to migrate.
import type { Say } from '../../../scripts/patiently.js';
import { buildFolder, inFolder, putFiles } from '../build.js';
import { exclusively } from '../cache.js';
import { docker } from '../docker.js';
import { registryName } from './registry.js';
import { digestOf } from './registry-api.js';

const OF = '2026.3.13';
const TAG = '2026.3.13-r20260401';
const REPOSITORY = 'openclaw/openclaw';

export async function ensureTwin(say: Say): Promise<string> {
  await exclusively('image-of-a-twin', async () => {
    if ((await digestOf(registryName, REPOSITORY, TAG)) !== undefined) return;
    say(`Making ${REPOSITORY}:${TAG}`);
    const image = `${registryName}/${REPOSITORY}:${TAG}`;
    await inFolder(async (folder) => {
      putFiles(folder, { Dockerfile: `FROM ${registryName}/${REPOSITORY}:${OF}\nLABEL twin=1\n` });
      await buildFolder(image, folder);
    });
    await docker(['push', '-q', image]);
  });
  return TAG;
}
