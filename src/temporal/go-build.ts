// Builds the official server and web UI from their pinned Go modules, once, for the cache.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cachedModules, MODULES, modulesFolder } from './cache.js';
import { findOnPath } from './local-cli.js';
import { acquire, release } from './lock.js';
import { asset } from './paths.js';
import { everySoOften } from './progress.js';
import type { LocalSource, Say } from './server-source.js';

const TARGETS = {
  server: 'go.temporal.io/server/cmd/server',
  ui: 'github.com/temporalio/ui-server/v2/cmd/server',
} as const;

/** Go 1.21 and newer fetch the toolchain that go.mod asks for by themselves. */
const OLDEST_GO = 21;

export async function buildFromModules(say: Say): Promise<LocalSource | string> {
  const go = findOnPath('go');
  if (!go) return 'Go is not on PATH, so the server cannot be built';
  const tooOld = await refuseGo(go);
  if (tooOld) return tooOld;
  const lock = `${modulesFolder()}.lock`;
  const stop = everySoOften(say, (seconds) => `Temporal: another process builds the server, ${seconds} s …`);
  while (!acquire(lock)) await sleep(250);
  stop();
  try {
    return cachedModules() ?? (await build(go, say));
  } finally {
    release(lock);
  }
}

async function refuseGo(go: string): Promise<string | undefined> {
  const { output } = await run(go, ['version'], { onLine: () => {} });
  const minor = goMinor(output);
  if (minor === undefined) return `${go} does not say its version`;
  return minor < OLDEST_GO ? `${go} is version 1.${minor}, too old to build the server` : undefined;
}

/** `go version go1.26.8 linux/amd64` */
export function goMinor(text: string): number | undefined {
  const found = /go1\.(\d+)/.exec(text);
  return found ? Number(found[1]) : undefined;
}

async function build(go: string, say: Say): Promise<LocalSource | string> {
  say(
    `Temporal: building server ${MODULES.server} and UI ${MODULES.ui} from their Go modules, once (2 to 5 minutes) …`,
  );
  const folder = `${modulesFolder()}.building-${process.pid}`;
  removeLeftOvers();
  mkdirSync(folder, { recursive: true });
  for (const file of ['go.mod', 'go.sum']) copyFileSync(asset('build', file), join(folder, file));
  try {
    const failed = await compileAll(go, folder, say);
    if (failed) return failed;
    for (const file of ['go.mod', 'go.sum']) rmSync(join(folder, file), { force: true });
    renameSync(folder, modulesFolder());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return cachedModules() ?? 'the build left no server behind';
}

/** Builds that were interrupted; the lock is ours, so nobody is at work in them. */
function removeLeftOvers(): void {
  const { dir, base } = { dir: dirname(modulesFolder()), base: `${basename(modulesFolder())}.building-` };
  for (const name of readdirSync(dir)) {
    if (name.startsWith(base)) rmSync(join(dir, name), { recursive: true, force: true });
  }
}

async function compileAll(go: string, folder: string, say: Say): Promise<string | undefined> {
  const seen = { packages: 0, modules: 0 };
  const stop = everySoOften(say, (seconds) => buildLine(seen, seconds));
  try {
    for (const [name, target] of Object.entries(TARGETS)) {
      const words = [
        'build',
        '-v',
        '-mod=readonly',
        '-buildvcs=false',
        '-ldflags',
        '-s -w',
        '-o',
        name,
        target,
      ];
      const { code, output } = await run(go, words, { cwd: folder, onLine: (line) => count(seen, line) });
      if (code !== 0) return `go build ${target} failed: ${lastLine(output)}`;
    }
  } finally {
    stop();
  }
  return undefined;
}

export function count(seen: { packages: number; modules: number }, line: string): void {
  if (line.startsWith('go: downloading')) seen.modules++;
  else if (/^[\w.-]+(\/\S+)*$/.test(line)) seen.packages++;
}

export function buildLine(seen: { packages: number; modules: number }, seconds: number): string {
  const parts = [
    seen.modules > 0 ? `${seen.modules} modules fetched` : '',
    seen.packages > 0 ? `${seen.packages} packages compiled` : 'at work in the build cache',
  ];
  return `Temporal: building, ${parts.filter(Boolean).join(', ')}, ${seconds} s …`;
}

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1) ?? '';

interface RunOptions {
  cwd?: string;
  onLine: (line: string) => void;
}

function run(
  command: string,
  words: string[],
  options: RunOptions,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(command, words, {
    cwd: options.cwd,
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const read = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-20_000);
    for (const line of chunk.toString().split('\n')) options.onLine(line.trim());
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
