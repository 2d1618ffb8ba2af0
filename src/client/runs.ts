// Which run a word on the command line means.
import { ClincherError } from '../errors.js';
import type { Control, RunSummary } from './control.js';
import type { Io } from './io.js';
import { recentRuns } from './recent.js';
import { onlyServer, type ServerOptions } from './servers.js';

/** `@last` is the last operation that was started from here; where there is none, the newest that the engine knows. */
export async function resolveRun(
  io: Io,
  control: Control,
  word: string,
  options: ServerOptions,
): Promise<string> {
  if (word !== '@last') return word;
  const recent = lastFromHere(io, options);
  if (recent) return recent;
  const server = onlyServer(io, options);
  const [newest] = await control.list({ server, limit: 1 });
  if (newest) return newest.run;
  throw new ClincherError(
    'RUN_NOT_FOUND',
    server ? `There was no run on ${server} yet.` : 'There was no run yet.',
  );
}

export function lastFromHere(io: Io, options: ServerOptions): string | undefined {
  const server = onlyServer(io, options);
  return recentRuns(io.env).find((run) => server === undefined || run.server === server)?.run;
}

export const findRun = async (
  io: Io,
  control: Control,
  word: string,
  options: ServerOptions,
): Promise<RunSummary> => control.find(await resolveRun(io, control, word, options));
