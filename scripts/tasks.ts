// Runs programs of the project side by side and tells how each went; what a failed one said is shown, the rest is not.
import { run } from './run.js';

export interface Task {
  name: string;
  words: readonly [string, ...string[]];
  env?: Record<string, string>;
}

export interface Done {
  name: string;
  ok: boolean;
  seconds: number;
  said: string;
}

export async function perform({ name, words: [program, ...args], env }: Task): Promise<Done> {
  const began = performance.now();
  const { code, stdout, stderr } = await run(program, args, { env });
  return { name, ok: code === 0, seconds: (performance.now() - began) / 1000, said: `${stdout}${stderr}` };
}

export const line = ({ name, ok, seconds }: Done): string =>
  `${ok ? '✓' : '✗'} ${name.padEnd(22)} ${seconds.toFixed(1)} s`;
