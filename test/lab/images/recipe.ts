// What an image of the stack is made from: everything that decides what comes out is in here, and so in its fingerprint.
import type { Say } from '../../../scripts/patiently.js';
import { baseTag, slimPackages } from '../base.js';
import { type Files, putFiles } from '../build.js';
import { fingerprint } from '../cache.js';

export interface Recipe {
  repository: string;
  version: string;
  /** Made first, on this machine only; without one, a slim Debian. */
  from?: Recipe | undefined;
  /** A Dockerfile without its first line. */
  instructions: string;
  /** The same of a stage named `build`, to copy from; nothing else of it remains. */
  build?: string | undefined;
  files?: (() => Files) | undefined;
  /** Costly parts, made by programs of this machine and put into the folder that is built from. */
  prepare?: { ingredients: readonly string[]; make: (folder: string, say: Say) => Promise<void> } | undefined;
}

export const slimSuite = 'trixie';
export const publishedSlim = 'debian:trixie-slim';

/** The same list everywhere, so that images which install differ in their packages alone. */
export function install(...packages: string[]): string {
  const words = `apt-get install -yq --no-install-recommends ${packages.join(' ')}`;
  return `RUN apt-get update -q && DEBIAN_FRONTEND=noninteractive ${words} && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/dpkg.log /var/log/apt`;
}

export function recipeTag(recipe: Recipe, slim: string): string {
  const { repository, version, instructions, build, files, prepare } = recipe;
  const from = recipe.from ? recipeTag(recipe.from, slim) : slim;
  const words = [
    repository,
    version,
    ...(build ? [build] : []),
    instructions,
    JSON.stringify(files?.() ?? {}),
  ];
  return `recipe-${fingerprint(from, ...words, ...(prepare?.ingredients ?? []))}`;
}

export function slimTag(): string {
  return baseTag(slimSuite, slimPackages);
}

export async function fill(folder: string, recipe: Recipe, base: string, say: Say): Promise<void> {
  const stage = recipe.build ? `FROM ${base} AS build\n${recipe.build}` : '';
  putFiles(folder, { ...recipe.files?.(), Dockerfile: `${stage}FROM ${base}\n${recipe.instructions}` });
  await recipe.prepare?.make(folder, say);
}
