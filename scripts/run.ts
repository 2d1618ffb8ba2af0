// Runs one local program to its end and tells what came of it; never throws for a bad exit code.
import { spawn } from 'node:child_process';

export interface RunResult {
  stdout: string;
  stderr: string;
  /** 127: no such program; 124: ended by the deadline. */
  code: number;
}

export interface RunOptions {
  input?: string | undefined;
  timeoutMs?: number | undefined;
  env?: Record<string, string | undefined> | undefined;
  cwd?: string | undefined;
}

export function run(program: string, args: readonly string[], o: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: { ...process.env, ...o.env }, cwd: o.cwd });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let late = false;
    const deadline = o.timeoutMs && setTimeout(() => (late = child.kill('SIGKILL')), o.timeoutMs);
    const end = (code: number, extra = ''): void => {
      if (deadline) clearTimeout(deadline);
      resolve({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() + extra, code });
    };
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => {}); // it may not want to read
    child.stdin.end(o.input ?? '');
    child.on('error', (error) => end(127, error.message));
    child.on('close', (code) => (late ? end(124, `no answer within ${o.timeoutMs} ms`) : end(code ?? 137)));
  });
}

/** Runs it and insists: a bad exit code becomes an error that quotes the last lines. */
export async function must(program: string, args: readonly string[], o: RunOptions = {}): Promise<string> {
  const result = await run(program, args, o);
  if (result.code === 0) return result.stdout;
  const said = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-8).join('\n');
  throw new Error(`${[program, ...args].slice(0, 3).join(' ')} failed (${result.code}): ${said}`);
}
