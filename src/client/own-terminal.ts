// The person's own terminal, lent to a shell elsewhere: its size, and its keys as they are pressed.
import type { ReadStream, WriteStream } from 'node:tty';
import type { Terminal } from '../activities/ssh-channel.js';

export interface OwnTerminal extends Terminal {
  /** Every key goes to the far end, Ctrl-C too, until the returned function is called. */
  raw(): () => void;
}

export function ownTerminal(
  stdin: ReadStream,
  stdout: WriteStream,
  env: NodeJS.ProcessEnv,
): OwnTerminal | undefined {
  if (!stdin.isTTY || !stdout.isTTY) return undefined;
  return {
    term: env['TERM'] || 'vt100',
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    onResize: (handler) => {
      stdout.on('resize', handler);
      return () => void stdout.off('resize', handler);
    },
    raw: () => {
      stdin.setRawMode(true);
      return () => void stdin.setRawMode(false);
    },
  };
}
