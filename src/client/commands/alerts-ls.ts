// `clincher alerts ls`: what the watchdog knows to be wrong, since when, and whether anybody was told. Contacts no server.
import type { Command } from '../deps.js';
import { isJson } from '../options.js';
import { configOf, type ServerOptions, serversToList } from '../servers.js';
import { alertsView } from '../view/alerts.js';
import { document, print } from '../view/json.js';
import { answering } from '../view/style.js';

export const alertsLs: Command<ServerOptions> = async (io, options, deps) => {
  const config = configOf(io, options);
  const names = serversToList(io, config, options).map(({ name }) => name);
  const { control } = await deps.openSession(io, { config });
  try {
    const watches = await control.watches(names);
    if (isJson(options)) io.out(print(document('alerts', { servers: watches })));
    else io.out(`${alertsView(names, watches, answering(io), deps.now()).join('\n')}\n`);
    return 0;
  } finally {
    await control.close();
  }
};
