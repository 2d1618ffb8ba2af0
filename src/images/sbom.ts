// Lists of what is inside the locked images, made by syft where it is installed.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/load.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import { mustBeLocked } from './must-be-locked.js';
import { lastWord, runProgram } from './program.js';

export interface SbomWork {
  config: Config;
  servers: readonly Server[];
  env: NodeJS.ProcessEnv;
  /** Absolute. */
  folder: string;
}

export interface Sbom {
  image: string;
  digest: string;
  path: string;
}

export async function writeSboms(work: SbomWork): Promise<Sbom[]> {
  const planned = sboms(work);
  await mkdir(work.folder, { recursive: true });
  // One at a time: each takes a whole image apart.
  for (const one of planned) await writeSbom(one, work.env);
  return planned;
}

const sboms = ({ config, servers, folder }: SbomWork): Sbom[] =>
  mustBeLocked(config, servers).map(({ image: { key }, entry: { digest } }) => ({
    image: key,
    digest,
    path: join(folder, `${key.replace(/[/:]/g, '_')}.spdx.json`),
  }));

async function writeSbom({ image, digest, path }: Sbom, env: NodeJS.ProcessEnv): Promise<void> {
  const repository = image.replace(/:[^:/]*$/, '');
  const from = `registry:${repository}@${digest}`;
  const seen = await runProgram('syft', ['scan', from, '-o', `spdx-json=${path}`], {
    env,
    timeoutMs: 15 * 60_000,
  });
  if (seen === undefined) throw missing();
  if (seen.code !== 0)
    throw new ClincherError('TOOL_UNUSABLE', `syft cannot read ${image}: ${lastWord(seen)}`, {
      remedy: [`syft scan ${from}`],
    });
}

const missing = (): ClincherError =>
  new ClincherError('TOOL_UNUSABLE', 'syft is not installed here; it makes the lists.', {
    remedy: [
      'go install github.com/anchore/syft/cmd/syft@latest',
      'see https://github.com/anchore/syft#installation',
    ],
  });
