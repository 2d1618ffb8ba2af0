// The temporal CLI as a server: is it on PATH, does it run, and which server is inside.
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { LocalSource } from './server-source.js';

export async function cliOnPath(): Promise<LocalSource | string> {
  const path = findOnPath('temporal');
  if (!path) return 'temporal is not on PATH';
  return (await cliAt(path)) ?? `${path} is not a temporal CLI that has a server`;
}

export async function cliAt(path: string): Promise<LocalSource | undefined> {
  const version = await serverVersion(path);
  return version === undefined ? undefined : { kind: 'cli', path, version };
}

export function findOnPath(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  return (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** What was used before is used again only while it is the same: histories belong to a server version. */
export async function isUsable(source: LocalSource): Promise<boolean> {
  if (source.kind === 'modules') return existsSync(source.server) && existsSync(source.ui);
  return isExecutable(source.path) && (await serverVersion(source.path)) === source.version;
}

async function serverVersion(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 10_000 });
    return parseServerVersion(stdout);
  } catch {
    return undefined;
  }
}

/** `temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)` */
export const parseServerVersion = (text: string) => /\(Server ([\w.-]+)/.exec(text)?.[1];
