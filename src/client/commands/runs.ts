// `clincher runs`: what ran and what runs, newest first.
import type { Command } from '../deps.js';
import { isJson } from '../options.js';
import { configOf, onlyServer, type ServerOptions, serversToList } from '../servers.js';
import { tryConfig } from '../try-config.js';
import { document, print } from '../view/json.js';
import { runsView } from '../view/runs.js';
import { answering } from '../view/style.js';

export interface RunsOptions extends ServerOptions {
  open?: boolean;
  limit?: number;
}

export const runs: Command<RunsOptions> = async (io, options, deps) => {
  const server = onlyServer(io, options);
  if (server) serversToList(io, configOf(io, options), options);
  const { control } = await deps.openSession(io, { config: tryConfig(io, options) });
  try {
    const found = await control.list({ server, open: Boolean(options.open), limit: options.limit ?? 20 });
    if (isJson(options)) io.out(print(document('runs', { runs: found })));
    else if (found.length === 0) io.out(options.open ? 'Nothing runs.\n' : 'Nothing ran yet.\n');
    else io.out(`${runsView(found, answering(io), deps.now()).join('\n')}\n`);
    return 0;
  } finally {
    await control.close();
  }
};
