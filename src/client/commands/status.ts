// `clincher status`: servers with health, drift, last run, newest backup and what is due next, from what the runs found; contacts no server.
import type { RunState } from '../../model.js';
import { sideBySide } from '../../side-by-side.js';
import { FLEET } from '../../workflows/catalog.js';
import type { Control } from '../control.js';
import type { Command, Deps } from '../deps.js';
import { worst } from '../exit.js';
import { exitOfHealth, type Health, healthOf, withNext, withWaiting, withWatch } from '../health.js';
import type { Io } from '../io.js';
import { isJson } from '../options.js';
import { configOf, type ServerOptions, serversToList } from '../servers.js';
import { document, gateDocument, print } from '../view/json.js';
import { statusView } from '../view/status.js';
import { answering } from '../view/style.js';

export interface StatusOptions extends ServerOptions {
  watch?: boolean;
}

interface Seen {
  healths: Health[];
  /** Runs over several servers that have not ended. */
  fleets: RunState[];
}

const MOST_FLEETS = 10;
const WATCH_MS = 2_000;
const CLEAR = '\u001b[2J\u001b[H';

export const status: Command<StatusOptions> = async (io, options, deps) => {
  const config = configOf(io, options);
  const servers = serversToList(io, config, options);
  const { control } = await deps.openSession(io, { config });
  const look = async (): Promise<Seen> => {
    // What starts next is worth a column, not a failure.
    const scheduled = control.schedules(config.path).catch(() => []);
    const waiting = control.waiting().catch(() => []);
    // Silence would read as health.
    const watched = control.watches(servers.map(({ name }) => name)).catch((error: Error) => {
      io.err(`What the watchdog knows cannot be read: ${error.message}\n`);
      return [];
    });
    const healths = await sideBySide(servers, (server) => healthOf(control, server));
    const known = withNext(withWatch(withWaiting(healths, await waiting), await watched), await scheduled);
    return { healths: known, fleets: await openFleets(control) };
  };
  try {
    if (options.watch && io.isTTY && !isJson(options)) return await watch(io, deps, look);
    const seen = await look();
    const { healths } = seen;
    if (isJson(options)) io.out(print(statusDocument(seen)));
    else io.out(shown(io, seen, deps.now()));
    return worst(healths.map(exitOfHealth));
  } finally {
    await control.close();
  }
};

/** A fleet that cannot be read is no reason to show no server. */
async function openFleets(control: Control): Promise<RunState[]> {
  const open = await control.list({ server: FLEET, open: true, limit: MOST_FLEETS }).catch(() => []);
  const states = await sideBySide(open, ({ run }) => control.state(run).catch(() => undefined));
  return states.filter((state) => state?.fleet !== undefined && state.endedAt === undefined) as RunState[];
}

const shown = (io: Io, { healths, fleets }: Seen, now: number): string =>
  `${statusView(healths, answering(io), now, fleets).join('\n')}\n`;

async function watch(io: Io, deps: Deps, look: () => Promise<Seen>): Promise<number> {
  let isLeft = false;
  let leave: () => void = () => {};
  const left = new Promise<void>((resolve) => {
    leave = () => {
      isLeft = true;
      resolve();
    };
  });
  const stop = io.onInterrupt(leave);
  let seen: Seen = { healths: [], fleets: [] };
  while (!isLeft) {
    seen = await look();
    io.out(`${CLEAR}${shown(io, seen, deps.now())}`);
    await Promise.race([deps.sleep(WATCH_MS), left]);
  }
  stop();
  return worst(seen.healths.map(exitOfHealth));
}

const statusDocument = ({ healths, fleets }: Seen): object =>
  document('status', {
    fleets: fleets.map(({ run, fleet }) => ({ run, ...fleet })),
    servers: healths.map(({ lastState, ...health }) => ({
      ...health,
      gates: (lastState?.gates ?? []).map((gate) => gateDocument(gate, lastState!)),
    })),
  });
