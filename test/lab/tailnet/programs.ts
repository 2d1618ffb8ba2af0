// Builds Tailscale's two programs and the lab's tailnet from their pinned Go modules, once, for the lab's cache.
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { patiently, type Say } from '../../../scripts/patiently.js';
import { must } from '../../../scripts/run.js';
import { exclusively, fingerprint, labCache } from '../cache.js';

const RECIPE = ['go.mod', 'go.sum', 'main.go'] as const;
const TARGETS = ['.', 'tailscale.com/cmd/tailscaled', 'tailscale.com/cmd/tailscale'];

/** The one in go.mod, stamped as its makers do: else the programs call themselves a broken build. */
const VERSION = '1.102.5';
const STAMPS = ['longStamp', 'shortStamp'];

export interface Programs {
  /** Changes with everything that the programs are made from. */
  version: string;
  tailnet: string;
  tailscaled: string;
  tailscale: string;
}

export function ensurePrograms(say: Say): Promise<Programs> {
  const version = fingerprint(VERSION, ...RECIPE.map((name) => readFileSync(recipeFile(name), 'utf8')));
  const folder = labCache(`tailnet-${version}`);
  return exclusively('tailnet', async () => {
    if (!existsSync(folder)) {
      const what = 'Building Tailscale and its test control server (5 minutes, once)';
      await patiently(say, what, () => build(folder));
    }
    const at = (name: string): string => join(folder, name);
    return { version, tailnet: at('tailnet'), tailscaled: at('tailscaled'), tailscale: at('tailscale') };
  });
}

/** Appears as a whole or not at all. */
async function build(folder: string): Promise<void> {
  const work = `${folder}.building`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'out'), { recursive: true });
  for (const name of RECIPE) copyFileSync(recipeFile(name), join(work, name));
  const ldflags = `-s -w ${STAMPS.map((name) => `-X tailscale.com/version.${name}=${VERSION}`).join(' ')}`;
  const words = ['build', '-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags', ldflags, '-o', 'out/'];
  await must('go', [...words, ...TARGETS], { cwd: work, env: { CGO_ENABLED: '0' } });
  renameSync(join(work, 'out'), folder);
  rmSync(work, { recursive: true, force: true });
}

function recipeFile(name: string): string {
  return fileURLToPath(new URL(`./build/${name}`, import.meta.url));
}
