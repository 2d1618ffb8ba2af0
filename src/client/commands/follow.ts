// `clincher follow <run>`: looks on from where the run is now, and answers its gates.
import type { Command } from '../deps.js';
import { exitOfFollowed } from '../exit.js';
import { hints } from '../hints.js';
import { timeoutMs } from '../input.js';
import { printResults } from '../results.js';
import { findRun } from '../runs.js';
import type { ServerOptions } from '../servers.js';
import { settleMove } from '../settle-move.js';
import { tryConfig } from '../try-config.js';
import { followFrom } from '../turn.js';

export interface FollowCommandOptions extends ServerOptions {
  run: string;
  timeout?: string;
}

export const followRun: Command<FollowCommandOptions> = async (io, options, deps) => {
  const within = timeoutMs(options.timeout);
  const config = tryConfig(io, options);
  const session = await deps.openSession(io, { config });
  try {
    const run = await findRun(io, session.control, options.run, options);
    const watching = { ...options, answers: io.canPrompt, timeoutMs: within };
    const followed = await followFrom(io, deps, session, run, watching);
    await settleMove(io, session.control, config, followed.state, run.run);
    printResults(io, deps, [followed.state], options);
    for (const line of hints(followed, deps.now())) io.err(`${line}\n`);
    return exitOfFollowed(followed);
  } finally {
    await session.control.close();
  }
};
