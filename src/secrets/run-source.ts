// Runs the command of an `exec:` reference, without a shell, within a time limit.
import { spawn } from 'node:child_process';

export interface SourceResult {
  stdout: string;
  stderr: string;
  /** Nothing went wrong when this is absent. */
  failure?: string | undefined;
}

const MAX_BYTES = 64 * 1024;

export function runSource(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
  timeoutMs: number,
): Promise<SourceResult> {
  const [file = '', ...args] = words;
  return new Promise((resolve) => {
    // A group of its own: a password manager's helpers must not outlive the time limit.
    const child = spawn(file, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const output = { stdout: '', stderr: '' };
    let failure: string | undefined;
    const stop = (why: string): void => {
      failure ??= why;
      killGroup(child.pid);
    };
    const timer = setTimeout(() => stop(`took longer than ${timeoutMs / 1000} s`), timeoutMs);
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
        if (output[name].length > MAX_BYTES) stop('said more than 64 KiB');
      });
    const finish = (ending: string | undefined): void => {
      clearTimeout(timer);
      resolve({ ...output, failure: failure ?? ending });
    };
    child.on('error', (error: NodeJS.ErrnoException) => finish(`could not be started (${error.code})`));
    child.on('close', (code, signal) =>
      finish(code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`),
    );
  });
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
