// Runs a program of this machine that may not be installed: cosign, syft, trivy.
import { spawn } from 'node:child_process';

export interface ProgramResult {
  /** Absent: ended by a signal, such as that of the deadline. */
  code: number | undefined;
  stdout: string;
  stderr: string;
}

export interface ProgramOptions {
  env: NodeJS.ProcessEnv;
  timeoutMs: number;
}

/** Nothing when there is no such program. */
export function runProgram(
  name: string,
  args: readonly string[],
  { env, timeoutMs }: ProgramOptions,
): Promise<ProgramResult | undefined> {
  return new Promise((resolve, reject) => {
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const child = spawn(name, args, { env, stdio, timeout: timeoutMs });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve(undefined) : reject(error),
    );
    child.on('close', (code) =>
      resolve({ code: code ?? undefined, stdout: textOf(out), stderr: textOf(err) }),
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
