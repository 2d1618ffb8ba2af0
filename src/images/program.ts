// Runs a program of this machine that may not be installed: cosign, syft, trivy, and the checkers of rendered files.
import { spawn } from 'node:child_process';

export interface ProgramResult {
  /** Absent: ended by a signal, such as that of the deadline. */
  code: number | undefined;
  stdout: string;
  stderr: string;
  /** It said what was waited for, and was ended then. */
  isTaken?: boolean | undefined;
}

export interface ProgramOptions {
  env: NodeJS.ProcessEnv;
  timeoutMs: number;
  /** It does not end by itself, and is ended once it says this. */
  until?: RegExp | undefined;
}

/** Nothing when there is no such program. */
export function runProgram(
  name: string,
  args: readonly string[],
  { env, timeoutMs, until }: ProgramOptions,
): Promise<ProgramResult | undefined> {
  return new Promise((resolve, reject) => {
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const child = spawn(name, args, { env, stdio, timeout: timeoutMs });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let isTaken = false;
    const hear = (heard: Buffer[]) => (chunk: Buffer) => {
      heard.push(chunk);
      if (!until?.test(textOf(heard)) || isTaken) return;
      isTaken = true;
      child.kill();
    };
    child.stdout.on('data', hear(out));
    child.stderr.on('data', hear(err));
    child.on('error', (error: NodeJS.ErrnoException) =>
      // EACCES: it may not be run, or a folder of PATH may not be looked into.
      error.code === 'ENOENT' || error.code === 'EACCES' ? resolve(undefined) : reject(error),
    );
    child.on('close', (code) =>
      resolve({ code: code ?? undefined, stdout: textOf(out), stderr: textOf(err), isTaken }),
    );
  });
}

const textOf = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString();

/** The last line that says something, fit to print. */
export const lastWord = ({ stderr, stdout }: ProgramResult): string =>
  (stderr.trim() || stdout.trim() || 'no word of why')
    .split('\n')
    .at(-1)!
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 160);
