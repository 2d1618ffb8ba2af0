// Runs programs of the project side by side and tells how each went; what a failed one said is shown, the rest is not.
import { spawn } from 'node:child_process';
import { run } from './run.js';

export interface Task {
  name: string;
  /** Shows what it says as it says it; else it is kept for `said`. */
  aloud?: boolean;
  words: readonly [string, ...string[]];
  env?: Record<string, string>;
}

export interface Done {
  name: string;
  ok: boolean;
  seconds: number;
  said: string;
}

export async function perform({ name, words: [program, ...args], env, aloud }: Task): Promise<Done> {
  const began = performance.now();
  const { code, said } = aloud ? await heard(program, args, env) : await kept(program, args, env);
  return { name, ok: code === 0, seconds: (performance.now() - began) / 1000, said };
}

type Env = Record<string, string> | undefined;

async function kept(program: string, args: string[], env: Env): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await run(program, args, { env });
  return { code, said: `${stdout}${stderr}` };
}

function heard(program: string, args: string[], env: Env): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', (error) => resolve({ code: 127, said: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, said: '' }));
  });
}

export const line = ({ name, ok, seconds }: Done): string =>
  `${ok ? '✓' : '✗'} ${name.padEnd(22)} ${seconds.toFixed(1)} s`;
