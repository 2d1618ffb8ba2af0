// `clincher backups ls`: what each server keeps, how old it is, and when it was last read to its end; and its copies elsewhere.
import type { Config } from '../../config/load.js';
import { ClincherError } from '../../errors.js';
import type { Backup, OffsiteSeen, Server } from '../../model.js';
import { sideBySide } from '../../side-by-side.js';
import { runsServices } from '../../workflows/catalog.js';
import type { Control } from '../control.js';
import type { Command, Deps } from '../deps.js';
import { exitOfState } from '../exit.js';
import type { Io } from '../io.js';
import { look, lookFailed } from '../look.js';
import { isJson } from '../options.js';
import { configOf, type ServerOptions, serversToRead } from '../servers.js';
import { backupsView } from '../view/backups.js';
import { copiesView } from '../view/copies.js';
import { document, print } from '../view/json.js';
import { answering } from '../view/style.js';

interface Options extends ServerOptions {
  offsite?: boolean;
}

interface Listed {
  server: string;
  backups: Backup[];
  offsite?: OffsiteSeen;
}

const hasOffsite = ({ backup }: Server): boolean => backup.offsite !== undefined;

export const backupsLs: Command<Options> = async (io, options, deps) => {
  const config = configOf(io, options);
  const all = serversToRead(io, config, options).filter(runsServices);
  const servers = options.offsite ? withOffsite(all) : all;
  const { control } = await deps.openSession(io, { config });
  try {
    const lists = await sideBySide(servers, (server) => listed(io, deps, control, server, options));
    if (isJson(options)) io.out(print(document('backups', { servers: lists })));
    else for (const each of lists) io.out(`${shown(io, deps, config, each).join('\n')}\n`);
    return 0;
  } finally {
    await control.close();
  }
};

/** Nothing is asked where nothing can be. */
function withOffsite(servers: readonly Server[]): Server[] {
  const found = servers.filter(hasOffsite);
  if (found.length > 0) return found;
  const names = servers.map(({ name }) => name);
  const key = `servers.${names[0] ?? 'NAME'}.backup.offsite`;
  throw new ClincherError(
    'USAGE',
    `${names.join(', ') || 'No server'} keeps no copies elsewhere: clincher.yaml has no ${key}.`,
    { remedy: [`clincher docs ${key}`, 'set it in clincher.yaml, then: clincher run backup'] },
  );
}

async function listed(
  io: Io,
  deps: Deps,
  control: Control,
  server: Server,
  { offsite }: Options,
): Promise<Listed> {
  const name = offsite ? 'offsite-list' : 'backup-list';
  const state = await look(io, deps, control, server, { name, options: {} });
  if (exitOfState(state) !== 0 || !state.backups || (offsite && !state.offsite))
    throw lookFailed(state, 'its backups could not be read');
  const { backups } = state;
  return { server: server.name, backups, ...(offsite ? { offsite: state.offsite! } : {}) };
}

function shown(io: Io, deps: Deps, { servers }: Config, { server, backups, offsite }: Listed): string[] {
  const of = { server, hasOffsite: servers[server] !== undefined && hasOffsite(servers[server]) };
  const [view, now] = [answering(io), deps.now()];
  const there = offsite ? ['', ...copiesView({ server, backups, ...offsite }, view, now)] : [];
  return [...backupsView(of, backups, view, now), ...there];
}
