// `clincher lock status|release`: the lock of a server is its running operation, so releasing it ends that run.
import { ClincherError } from '../../errors.js';
import { sideBySide } from '../../side-by-side.js';
import type { RunSummary } from '../control.js';
import type { Command } from '../deps.js';
import { isJson } from '../options.js';
import { configOf, type ServerOptions, serversToChange, serversToList } from '../servers.js';
import { document, print } from '../view/json.js';
import { safe } from '../view/text.js';
import { ago } from '../view/time.js';
import { giveUp, whoWaits } from '../waits.js';

export const lockStatus: Command<ServerOptions> = async (io, options, deps) => {
  const config = configOf(io, options);
  const servers = serversToList(io, config, options);
  const { control } = await deps.openSession(io, { config });
  try {
    const waiting = await control.waiting();
    const locks = await sideBySide(servers, async ({ name }) => ({
      server: name,
      holder: await control.holder(name),
      waiting: waiting.filter(({ server }) => server === name),
    }));
    if (isJson(options)) io.out(print(document('lock', { servers: locks })));
    else for (const one of locks) io.out(lockLines(one, deps.now()));
    return 0;
  } finally {
    await control.close();
  }
};

interface Lock {
  server: string;
  holder: RunSummary | undefined;
  waiting: RunSummary[];
}

function lockLines({ server, holder, waiting }: Lock, now: number): string {
  const lines = waiting.map((one) => `waits its turn: ${safe(whoWaits(one, now))}   ${giveUp(one)}`);
  return [describe(holder, now), ...lines].map((line) => `${server}  ${line}\n`).join('');
}

const describe = (holder: RunSummary | undefined, now: number): string =>
  holder
    ? `${holder.runbook}, run ${holder.run}, by ${holder.who || 'somebody'}, since ${ago(holder.startedAt, now)}`
    : 'free';

/** Whoever lets go of a server to work on it in peace must know that somebody is at the door. */
const thenBegins = (next: RunSummary): string =>
  `Then ${safe(next.runbook)} begins, which waits for it (${next.run}); unless: ${giveUp(next)}\n`;

export interface ReleaseOptions extends ServerOptions {
  confirm?: string;
}

export const lockRelease: Command<ReleaseOptions> = async (io, options, deps) => {
  const config = configOf(io, options);
  const servers = serversToChange(io, config, options);
  const [server] = servers;
  if (server === undefined || servers.length !== 1)
    throw new ClincherError('USAGE', 'Release one server at a time.');
  const { name } = server;
  if (options.confirm !== undefined && options.confirm !== name)
    throw new ClincherError('USAGE', `--confirm must be the server's name, ${name}.`);
  const { control } = await deps.openSession(io, { config });
  try {
    const holder = await control.holder(name);
    if (!holder) {
      io.out(`${name} is free\n`);
      return 0;
    }
    const next = (await control.waiting()).find((one) => one.server === name);
    io.err(
      `${name}: ${describe(holder, deps.now())}\n${next ? thenBegins(next) : ''}It ends at once: nothing is finished or rolled back. In good order: clincher abort ${holder.run}\n`,
    );
    if (options.confirm === undefined) {
      if (!io.canPrompt)
        throw new ClincherError('USAGE', 'This wants consent.', {
          remedy: [`clincher abort ${holder.run}`, `clincher lock release -s ${name} --confirm ${name}`],
        });
      const typed = await deps.ask.text(io, `Type ${name} to end the run:`);
      if (typed?.trim() !== name) throw new ClincherError('DECLINED', 'Declined; the run goes on.');
    }
    await control.terminate(holder.run, 'clincher lock release');
    if (isJson(options))
      io.out(print(document('lock', { servers: [{ server: name, released: holder.run }] })));
    else
      io.out(
        `${name} is free; ${holder.run} was ended. Look what it left: clincher plan -s ${name} --diff\n`,
      );
    return 0;
  } finally {
    await control.close();
  }
};
