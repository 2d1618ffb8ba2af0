// `clincher ui`: opens the web UI of Temporal, at a run when one is named.
import { spawn } from 'node:child_process';
import { ClincherError } from '../../errors.js';
import type { Command, Session } from '../deps.js';
import type { Io } from '../io.js';
import { isJson } from '../options.js';
import { resolveRun } from '../runs.js';
import type { ServerOptions } from '../servers.js';
import { tryConfig } from '../try-config.js';
import { document, print } from '../view/json.js';

export interface UiOptions extends ServerOptions {
  run?: string;
  /** `--no-open` makes it false. */
  open?: boolean;
}

export const ui: Command<UiOptions> = async (io, options, deps) => {
  const session = await deps.openSession(io, { config: tryConfig(io, options) });
  try {
    const url = await address(io, session, options);
    if (isJson(options)) io.out(print(document('ui', { url })));
    else io.out(`${url}\n`);
    if (options.open !== false && !isJson(options) && io.canPrompt) open(url);
    return 0;
  } finally {
    await session.control.close();
  }
};

async function address(io: Io, session: Session, options: UiOptions): Promise<string> {
  if (session.uiUrl === undefined)
    throw new ClincherError('USAGE', 'This Temporal is not ours, and where its web UI is we do not know.', {
      remedy: ['ask who runs it', 'unset TEMPORAL_ADDRESS to use the embedded one'],
    });
  if (options.run === undefined) return session.uiUrl;
  const run = await session.control.find(await resolveRun(io, session.control, options.run, options));
  return session.webUrl(run) ?? session.uiUrl;
}

/** A machine without a browser has the address on stdout all the same. */
function open(url: string): void {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [url], { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
}
