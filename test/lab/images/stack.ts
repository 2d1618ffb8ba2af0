// The images of the stack in the lab's registry: built and pushed when their recipe is new there, else left alone.
import { patiently, type Say } from '../../../scripts/patiently.js';
import { ensureBase, slimPackages } from '../base.js';
import { buildFolder, inFolder } from '../build.js';
import { exclusively } from '../cache.js';
import { docker, hasImage } from '../docker.js';
import { pullImage } from '../registry.js';
import { type ImageName, recipes } from './catalog.js';
import { fill, publishedSlim, type Recipe, recipeTag, slimSuite, slimTag } from './recipe.js';
import { ensureRegistry, registryName } from './registry.js';
import { digestOf, retag } from './registry-api.js';

export interface StackImage {
  repository: string;
  version: string;
}

export interface StackImages {
  registry: string;
  images: Record<ImageName, StackImage>;
}

/** Without names: all of them. The answer always tells all, built or not. */
export async function ensureStackImages(say: Say, which = names()): Promise<StackImages> {
  await ensureRegistry(say);
  const base = (await pullImage(publishedSlim, say)).ok ? publishedSlim : slimTag();
  for (const name of which) await ensureOne(name, base, say);
  const images = names().map((name) => [name, where(recipes[name])] as const);
  return { registry: registryName, images: Object.fromEntries(images) as Record<ImageName, StackImage> };
}

export function names(): ImageName[] {
  return Object.keys(recipes) as ImageName[];
}

function where({ repository, version }: Recipe): StackImage {
  return { repository, version };
}

/** Whoever wants an image that is there does not wait for one that another process is making. */
async function ensureOne(name: ImageName, base: string, say: Say): Promise<void> {
  const recipe = recipes[name];
  const made = recipeTag(recipe, base);
  const isThere = async (): Promise<boolean> =>
    (await digestOf(registryName, recipe.repository, made)) !== undefined;
  if (!(await isThere())) {
    await exclusively(`image-of-${name}`, async () => {
      if (!(await isThere())) await makeAndPush(recipe, made, base, say);
    });
  }
  await nameVersion(recipe, made);
}

async function makeAndPush(recipe: Recipe, made: string, base: string, say: Say): Promise<void> {
  const title = `${recipe.repository}:${recipe.version}`;
  await patiently(say, `Making ${title}`, () => make(recipe, base, say));
  await patiently(say, `Pushing ${title}`, () => push(recipe, made));
}

/** Another checkout with another recipe may have had the version's name last. */
async function nameVersion({ repository, version }: Recipe, made: string): Promise<void> {
  const [now, wanted] = await Promise.all(
    [version, made].map((tag) => digestOf(registryName, repository, tag)),
  );
  if (now !== wanted) await retag(registryName, repository, made, version);
}

async function push({ repository, version }: Recipe, made: string): Promise<void> {
  const image = `${registryName}/${repository}`;
  await docker(['tag', `${image}:${version}`, `${image}:${made}`]);
  await docker(['push', '-q', `${image}:${made}`]);
  await docker(['rmi', '--no-prune', `${image}:${made}`]);
}

/** Returns the tag on this machine. */
async function make(recipe: Recipe, base: string, say: Say): Promise<string> {
  const tag = `${registryName}/${recipe.repository}:${recipe.version}`;
  const from = await ensureFrom(recipe.from, base, say);
  await inFolder(async (folder) => {
    await fill(folder, recipe, from, say);
    await buildFolder(tag, folder);
  });
  return tag;
}

async function ensureFrom(from: Recipe | undefined, base: string, say: Say): Promise<string> {
  if (!from) return base === publishedSlim ? base : ensureBase(slimSuite, say, slimPackages);
  const tag = `clincher-lab/${from.repository}:${from.version}-${recipeTag(from, base)}`;
  await exclusively(`image-of-${from.repository}-${from.version}`, async () => {
    if (!(await hasImage(tag))) await docker(['tag', await make(from, base, say), tag]);
  });
  return tag;
}
