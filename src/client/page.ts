// Long answers through the reader's pager; only where a person is at both ends of the terminal.
import { spawn } from 'node:child_process';
import type { Io } from './io.js';

export async function page(io: Io, text: string): Promise<void> {
  const isShort = text.split('\n').length < io.rows;
  if (!io.outIsTTY || !io.canPrompt || isShort || !(await piped(io, text))) io.out(text);
}

/** False when there is no such pager. */
function piped(io: Io, text: string): Promise<boolean> {
  const [program = 'less', ...args] = (io.env['PAGER'] || 'less').split(/\s+/).filter(Boolean);
  // F: no pager for what fits; R: colours; X: leaves the text on the screen.
  const env = { ...io.env, LESS: io.env['LESS'] || 'FRX' };
  // Ctrl-C is the pager's own affair while it is open.
  const stop = io.onInterrupt(() => {});
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'inherit', 'inherit'], env });
    const end = (isShown: boolean): void => {
      stop();
      resolve(isShown);
    };
    child.once('error', () => end(false));
    child.once('exit', () => end(true));
    // It may be left before all was read.
    child.stdin.on('error', () => {});
    child.stdin.end(text);
  });
}
