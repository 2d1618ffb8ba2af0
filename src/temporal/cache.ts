// Servers that were downloaded or built before, and what is remembered about a network that blocks.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeJson } from './json-file.js';
import { cliAt, isExecutable } from './local-cli.js';
import { inCache } from './paths.js';
import type { LocalSource } from './server-source.js';

/** Pinned together: `templates/temporal/build/go.mod` says the same, and a test compares them. */
export const MODULES = { server: '1.32.0', ui: '2.54.1' } as const;

export const modulesFolder = () =>
  inCache(`temporal-server-${MODULES.server}-ui-${MODULES.ui}-${process.platform}-${process.arch}`);

export function cachedModules(): LocalSource | undefined {
  const [server, ui] = [join(modulesFolder(), 'server'), join(modulesFolder(), 'ui')];
  return existsSync(server) && existsSync(ui)
    ? { kind: 'modules', server, ui, version: MODULES.server }
    : undefined;
}

/** The build of the modules first: its dispatch is the quicker one, and its version is pinned. */
export async function cachedServer(): Promise<LocalSource | string> {
  const modules = cachedModules();
  if (modules) return modules;
  const cli = downloaded('cli');
  return (cli && (await cliAt(cli))) ?? 'no server in the cache';
}

export type Download = 'cli' | 'test-server';

export function downloadFolder(what: Download): string {
  const folder = inCache(`sdk-${what}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function downloaded(what: Download): string | undefined {
  const folder = downloadFolder(what);
  return readdirSync(folder)
    .filter((name) => !name.endsWith('.downloading'))
    .map((name) => join(folder, name))
    .find(isExecutable);
}

const REMEMBERED_MS = 60 * 60_000;
const blockedFile = () => inCache('download-blocked.json');

/** A blocked network costs seconds to find out: once an hour is enough. */
export const wasBlockedLately = (now = Date.now()): boolean =>
  now - (readJson<{ at: number }>(blockedFile())?.at ?? 0) < REMEMBERED_MS;

export const rememberBlocked = (): void => writeJson(blockedFile(), { at: Date.now() });
