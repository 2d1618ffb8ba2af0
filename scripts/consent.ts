// At a terminal the machine is somebody's: nothing is installed or started on it without a yes.
import { createInterface } from 'node:readline/promises';
import { SetupError } from './setup-error.js';

/** Without a terminal (or in CI) whoever started us has decided already. */
export async function consent(question: string, otherwise: string): Promise<void> {
  if (!process.stdin.isTTY || process.env['CI']) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const hungUp = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  const reply = await Promise.race([terminal.question(`${question} [y/N] `), hungUp]);
  terminal.close();
  if (!/^y(es)?$/i.test(reply.trim())) throw new SetupError(`Nothing was changed. ${otherwise}`);
}
