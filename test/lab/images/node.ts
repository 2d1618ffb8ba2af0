// Node from its npm package, as the official Node image has it: one binary, and the user `node` with id 1000.
import { copyFileSync } from 'node:fs';
import { must } from '../../../scripts/run.js';
import { inFolder, putFiles } from '../build.js';
import type { Recipe } from './recipe.js';

export type NodeVersion = '22.23.3' | '24.21.0';

/** Shared with the older OpenClaw, so that a host has its layer already. */
export const nodeOfStandIns: NodeVersion = '22.23.3';

export function nodeBase(version: NodeVersion): Recipe {
  return {
    repository: 'node',
    version,
    instructions: `RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
COPY node /usr/local/bin/node
`,
    prepare: {
      ingredients: [version],
      make: (folder) => withNode(version, async (bin) => copyFileSync(`${bin}/node`, `${folder}/node`)),
    },
  };
}

/** Hands over the folder of that Node's binary, which is gone afterwards. */
export function withNode<T>(version: NodeVersion, work: (bin: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    putFiles(folder, { 'package.json': '{}' });
    await must('npm', ['install', `node@${version}`, ...quietly], { cwd: folder });
    return work(`${folder}/node_modules/node/bin`);
  });
}

export const quietly = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
