// The way to one server for one command: opened, noted on the server, used, and closed whatever happens.
import type { Config } from '../config/load.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import type { Deps } from './deps.js';
import type { Io } from './io.js';
import type { GlobalOptions } from './options.js';
import type { Reach } from './reach.js';
import { configOf, serversToRead } from './servers.js';

export interface ReachOptions {
  /** The only one in clincher.yaml need not be named. */
  server?: string | undefined;
}

export interface Reached {
  config: Config;
  server: Server;
}

export function serverToReach(io: Io, options: ReachOptions & GlobalOptions): Reached {
  const config = configOf(io, options);
  const [server, another] = serversToRead(io, config, {
    server: options.server === undefined ? [] : [options.server],
  });
  if (server !== undefined && another === undefined) return { config, server };
  throw new ClincherError('USAGE', 'One server at a time.', { remedy: ['name one of `clincher status`'] });
}

export interface Noted {
  act: string;
  words?: readonly string[];
}

export async function reaching<T>(
  io: Io,
  deps: Deps,
  { config, server }: Reached,
  noted: Noted | undefined,
  work: (reach: Reach) => Promise<T>,
): Promise<T> {
  const reach = await deps.reach(io, config, server);
  try {
    if (noted) await reach.note(noted.act, noted.words);
    return await work(reach);
  } finally {
    reach.close();
  }
}

/** Ctrl-C ends what was begun there; whoever waits for it hears of its end. */
export async function leavable<T>(io: Io, work: (leave: AbortSignal) => Promise<T>): Promise<T> {
  const leave = new AbortController();
  const stop = io.onInterrupt(() => leave.abort());
  try {
    return await work(leave.signal);
  } finally {
    stop();
  }
}
