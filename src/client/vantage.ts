// Who looks in from outside: a server that was named, else a monitor or a standby, else nobody but the worker itself.
import { type Config, resolveServer, serverNames } from '../config/load.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';

export function vantageOf(config: Config, server: Server, named: string | undefined): Server | undefined {
  if (named === undefined) return usual(config, server);
  const vantage = resolveServer(config, named);
  if (vantage.name !== server.name) return vantage;
  throw new ClincherError('USAGE', `${named} cannot look at itself from outside.`, {
    remedy: ['name another server: --vantage <server>'],
  });
}

/** A monitor is there to watch; a standby has nothing else to do. */
function usual(config: Config, server: Server): Server | undefined {
  const others = serverNames(config)
    .filter((name) => name !== server.name)
    .map((name) => resolveServer(config, name));
  return others.find(({ role }) => role === 'monitor') ?? others.find(({ role }) => role === 'standby');
}
