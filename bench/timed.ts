// Runs a program to its end and says how long it took, from its start to its exit.
import { type RunOptions, type RunResult, run } from '../scripts/run.js';

export interface Timed extends RunResult {
  ms: number;
}

export async function timed(program: string, args: readonly string[], o: RunOptions = {}): Promise<Timed> {
  const began = performance.now();
  const result = await run(program, args, o);
  return { ...result, ms: performance.now() - began };
}

/** The same, and it must succeed. */
export async function mustTimed(
  program: string,
  args: readonly string[],
  o: RunOptions = {},
): Promise<Timed> {
  const result = await timed(program, args, o);
  if (result.code === 0) return result;
  const said = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-20).join('\n');
  throw new Error(`${[program.split('/').at(-1), ...args].join(' ')} ended with ${result.code}:\n${said}`);
}
