// The project's own image: the last stage of its Dockerfile as it stands, over what its first stage makes.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from '../../../scripts/run.js';
import { nodeBase, nodeOfStandIns, quietly } from './node.js';
import type { Recipe } from './recipe.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const lastStage = (): string =>
  readFileSync(join(root, 'Dockerfile'), 'utf8')
    .split(/^FROM .*\n/m)
    .at(-1) ?? '';
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const SHIPPED = ['templates', 'docker-compose.temporal.yml', 'docker-compose.temporal-tls.yml'];
const SOURCES = ['src', ...SHIPPED, 'package-lock.json', 'scripts/build.mjs'];

/** Of everything that is built from. */
function sources(): string {
  const hash = createHash('sha256');
  for (const each of SOURCES.flatMap((name) => filesBelow(join(root, name))).sort())
    hash.update(relative(root, each)).update('\0').update(readFileSync(each)).update('\0');
  return hash.digest('hex');
}

function filesBelow(path: string): string[] {
  try {
    const found = readdirSync(path, { recursive: true, withFileTypes: true });
    return found.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  } catch {
    return [path];
  }
}

export const clincher: Recipe = {
  ...{ repository: 'clincher', version, from: nodeBase(nodeOfStandIns) },
  build: 'COPY out /out\n',
  instructions: lastStage(),
  prepare: {
    get ingredients() {
      return [sources()];
    },
    make,
  },
};

async function make(folder: string): Promise<void> {
  const app = join(folder, 'out/app');
  mkdirSync(app, { recursive: true });
  const into = `.cache/image-${process.pid}`;
  await must('node', ['scripts/build.mjs', '--into', into], { cwd: root });
  renameSync(join(root, into), join(app, 'dist'));
  for (const name of ['package.json', 'package-lock.json', ...SHIPPED])
    cpSync(join(root, name), join(app, name), { recursive: true });
  await must('npm', ['ci', '--omit=dev', ...quietly], { cwd: app });
  rmSync(join(app, 'package-lock.json'));
  const releases = join(app, 'node_modules/@temporalio/core-bridge/releases');
  for (const name of readdirSync(releases))
    if (/apple|windows/.test(name)) rmSync(join(releases, name), { recursive: true });
  renameSync(join(app, 'node_modules'), join(folder, 'out/node_modules'));
}
