// Programs of Temporal that have no package: built by this machine's Go from their modules, and copied out of the module cache.
import { copyFileSync, cpSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { must } from '../../../scripts/run.js';
import { modulesFolder } from '../../../src/temporal/cache.js';
import { buildFromModules } from '../../../src/temporal/go-build.js';

/** The server and the web UI as `clincher up` builds them; once a machine. */
export async function builtServer(say: (line: string) => void): Promise<{ server: string; ui: string }> {
  const built = await buildFromModules(say);
  if (typeof built === 'string') throw new Error(built);
  return { server: join(modulesFolder(), 'server'), ui: join(modulesFolder(), 'ui') };
}

/** `module/path@v1.2.3` into `folder/name`. */
export async function goInstall(target: string, folder: string, name: string): Promise<void> {
  const bin = join(folder, '.bin');
  mkdirSync(bin, { recursive: true });
  const env = { GOBIN: bin, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' };
  await must('go', ['install', '-buildvcs=false', '-ldflags', '-s -w', target], { env });
  renameSync(join(bin, basename(target.split('@')[0] ?? '')), join(folder, name));
}

/** The folder of a module's own files, fetched where it is not there yet. */
export async function moduleFolder(module: string, cwd: string): Promise<string> {
  const { Dir } = JSON.parse(await must('go', ['mod', 'download', '-json', module], { cwd })) as {
    Dir: string;
  };
  return Dir;
}

/** The module cache is read-only, and knows no programs: everything may be read and run. */
export async function copyOut(from: string, to: string): Promise<void> {
  cpSync(from, to, { recursive: true });
  await must('chmod', ['-R', 'u=rwX,go=rX', to]);
  if (/\.sh$/.test(to)) await must('chmod', ['755', to]);
}

export const copyProgram = (from: string, to: string): void => copyFileSync(from, to);
