// The SDK's own download of a server, given up quickly where the network blocks it.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { type Download, downloaded, downloadFolder, rememberBlocked, wasBlockedLately } from './cache.js';
import { cliAt } from './local-cli.js';
import { asset, projectRoot } from './paths.js';
import { everySoOften } from './progress.js';
import type { LocalSource, Say } from './server-source.js';

/** The SDK makes its file when the first bytes are about to come; by then it is not blocked. */
const FIRST_BYTE_MS = 6_000;
const WHOLE_MS = 5 * 60_000;

export async function downloadCli(say: Say): Promise<LocalSource | string> {
  const path = await download('cli', say);
  if (!path) return 'the download from temporal.download is blocked or failed';
  return (await cliAt(path)) ?? `the downloaded ${path} does not run`;
}

export async function download(what: Download, say: Say): Promise<string | undefined> {
  if (wasBlockedLately()) return undefined;
  say(`Temporal: downloading the ${what === 'cli' ? 'server' : 'test server'} from temporal.download …`);
  const fine = await run(what, say);
  const path = downloaded(what);
  if (!fine || !path) rememberBlocked();
  return fine ? path : undefined;
}

async function run(what: Download, say: Say): Promise<boolean> {
  const script = asset('sdk-download.mjs');
  const child = spawn(process.execPath, [script, what, downloadFolder(what)], {
    cwd: projectRoot(),
    stdio: 'ignore',
  });
  const stop = everySoOften(say, (seconds) => `Temporal: still downloading, ${seconds} s …`);
  const impatience = setTimeout(() => nothingCame(what) && child.kill('SIGKILL'), FIRST_BYTE_MS);
  const limit = setTimeout(() => child.kill('SIGKILL'), WHOLE_MS);
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', resolve);
  });
  for (const timer of [impatience, limit]) clearTimeout(timer);
  stop();
  return code === 0;
}

const nothingCame = (what: Download) => readdirSync(downloadFolder(what)).length === 0;
