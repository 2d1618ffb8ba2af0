// `clincher status`: servers with health, drift, last run, newest backup and what is due next, from what the runs found; contacts no server.
import type { Command, Deps } from '../deps.js';
import { worst } from '../exit.js';
import { exitOfHealth, type Health, healthOf, withNext, withWaiting, withWatch } from '../health.js';
import type { Io } from '../io.js';
import { isJson } from '../options.js';
import { configOf, type ServerOptions, serversToList } from '../servers.js';
import { document, gateDocument, print } from '../view/json.js';
import { statusView } from '../view/status.js';
import { answering } from '../view/style.js';
import { sideBySide } from '../waves.js';

export interface StatusOptions extends ServerOptions {
  watch?: boolean;
}

const WATCH_MS = 2_000;
const CLEAR = '\u001b[2J\u001b[H';

export const status: Command<StatusOptions> = async (io, options, deps) => {
  const config = configOf(io, options);
  const servers = serversToList(io, config, options);
  const { control } = await deps.openSession(io, { config });
  const look = async (): Promise<Health[]> => {
    // What starts next is worth a column, not a failure.
    const scheduled = control.schedules(config.path).catch(() => []);
    const waiting = control.waiting().catch(() => []);
    // Silence would read as health.
    const watched = control.watches(servers.map(({ name }) => name)).catch((error: Error) => {
      io.err(`What the watchdog knows cannot be read: ${error.message}\n`);
      return [];
    });
    const healths = await sideBySide(servers, (server) => healthOf(control, server));
    return withNext(withWatch(withWaiting(healths, await waiting), await watched), await scheduled);
  };
  try {
    if (options.watch && io.isTTY && !isJson(options)) return await watch(io, deps, look);
    const healths = await look();
    if (isJson(options)) io.out(print(statusDocument(healths)));
    else io.out(`${statusView(healths, answering(io), deps.now()).join('\n')}\n`);
    return worst(healths.map(exitOfHealth));
  } finally {
    await control.close();
  }
};

async function watch(io: Io, deps: Deps, look: () => Promise<Health[]>): Promise<number> {
  let isLeft = false;
  let leave: () => void = () => {};
  const left = new Promise<void>((resolve) => {
    leave = () => {
      isLeft = true;
      resolve();
    };
  });
  const stop = io.onInterrupt(leave);
  let healths: Health[] = [];
  while (!isLeft) {
    healths = await look();
    io.out(`${CLEAR}${statusView(healths, answering(io), deps.now()).join('\n')}\n`);
    await Promise.race([deps.sleep(WATCH_MS), left]);
  }
  stop();
  return worst(healths.map(exitOfHealth));
}

const statusDocument = (healths: readonly Health[]): object =>
  document('status', {
    servers: healths.map(({ lastState, ...health }) => ({
      ...health,
      gates: (lastState?.gates ?? []).map((gate) => gateDocument(gate, lastState!)),
    })),
  });
