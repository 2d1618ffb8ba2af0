// `clincher follow <run>`: looks on from where the run is now, and answers its gates.
import type { Command } from '../deps.js';
import { exitOfFollowed } from '../exit.js';
import { follow } from '../follow.js';
import { hints } from '../hints.js';
import { timeoutMs } from '../input.js';
import { printResults } from '../results.js';
import { findRun } from '../runs.js';
import { makeScreen } from '../screen/screen.js';
import type { ServerOptions } from '../servers.js';
import { tryConfig } from '../try-config.js';

export interface FollowCommandOptions extends ServerOptions {
  run: string;
  timeout?: string;
}

export const followRun: Command<FollowCommandOptions> = async (io, options, deps) => {
  const within = timeoutMs(options.timeout);
  const session = await deps.openSession(io, { config: tryConfig(io, options) });
  try {
    const run = await findRun(io, session.control, options.run, options);
    const screen = await makeScreen(io, run, { ...options, webUrl: session.webUrl(run), now: deps.now });
    const followed = await follow(io, deps, session.control, run, screen, {
      answers: io.canPrompt,
      timeoutMs: within,
    });
    printResults(io, deps, [followed.state], options);
    for (const line of hints(followed)) io.err(`${line}\n`);
    return exitOfFollowed(followed);
  } finally {
    await session.control.close();
  }
};
