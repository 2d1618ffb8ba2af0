// Pulls a base image where an image registry can be reached, and remembers for an hour that none can.
import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { patiently, type Say } from '../../scripts/patiently.js';
import { labCache } from './cache.js';
import { hasImage } from './docker.js';

export type Pulled = { ok: true } | { ok: false; reason: string };

/** A registry that is there names the image at once; only the layers may take their time. */
const firstWordMs = 8_000;
const allOfItMs = 10 * 60_000;

export async function pullImage(image: string, say: Say): Promise<Pulled> {
  if (await hasImage(image)) return { ok: true };
  const known = recentFailure(image);
  if (known) return { ok: false, reason: known };
  const said = await patiently(say, `Asking the image registry for ${image}`, () => pull(image));
  if (said === undefined) return { ok: true };
  const reason = `${image} cannot be pulled here: ${said}`;
  writeFileSync(failureFile(image), reason);
  return { ok: false, reason };
}

/** Resolves with what went wrong, or nothing. */
function pull(image: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn('docker', ['pull', image], { stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    let deadline = setTimeout(() => child.kill('SIGKILL'), firstWordMs);
    child.stdout.once('data', () => {
      clearTimeout(deadline);
      deadline = setTimeout(() => child.kill('SIGKILL'), allOfItMs);
    });
    child.stdout.resume();
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => {
      clearTimeout(deadline);
      resolve(code === 0 ? undefined : errors.trim().split('\n').at(-1) || 'no answer in time');
    });
  });
}

function recentFailure(image: string): string | undefined {
  const found = statSync(failureFile(image), { throwIfNoEntry: false });
  const isRecent = found && Date.now() - found.mtimeMs < 3600_000;
  return isRecent ? readFileSync(failureFile(image), 'utf8') : undefined;
}

function failureFile(image: string): string {
  return labCache(`no-${image.replace(':', '-')}`);
}
