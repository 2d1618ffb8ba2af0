// By a real shell: a leash that does not hold is worse than none.
import { type ChildProcess, spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { leashed } from '../../src/commands/leash.js';

function started(...words: string[]): { child: ChildProcess; ended: Promise<number | null>; said(): string } {
  const [program = '', ...args] = leashed(...words) as string[];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return {
    child,
    said: () => said,
    ended: new Promise((resolve) => child.once('close', (code) => resolve(code))),
  };
}

test('a command ends as it ends, and has no input', async () => {
  const run = started('sh', '-c', 'cat; echo "$1"; exit 7', 'sh', "a  'b'");
  expect(await run.ended).toBe(7);
  expect(run.said()).toBe("a  'b'\n");
});

test('whoever lets go ends it', async () => {
  const run = started('sh', '-c', 'echo up; exec sleep 100');
  await new Promise((resolve) => run.child.stdout?.once('data', resolve));
  run.child.stdin?.end();
  expect(await run.ended).toBe(143);
});
