// Builds a container image from a folder, with whichever builder this machine has.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { docker, tryDocker } from './docker.js';
import { machineProxies } from './machine-apt.js';

export type Files = Record<string, string>;

export async function buildFolder(tag: string, folder: string): Promise<void> {
  // Where the newer builder is not installed, its absence is an error unless the classic one is asked for.
  const classic = (await tryDocker(['buildx', 'version'])).code !== 0;
  const env = classic ? { DOCKER_BUILDKIT: '0' } : {};
  await docker(['build', '-q', '--network', 'host', ...(await proxyArgs()), '-t', tag, folder], { env });
}

/** Docker keeps these two out of an image's history. */
async function proxyArgs(): Promise<string[]> {
  const found = (await machineProxies()).matchAll(/^Acquire::(https?)::Proxy "(.+)";$/gm);
  return [...found].flatMap(([, scheme, proxy]) => ['--build-arg', `${scheme}_proxy=${proxy}`]);
}

export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'clincher-lab-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function putFiles(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
