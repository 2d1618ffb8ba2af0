// `clincher backups ls`: what each server keeps, how old it is, and when it was last read to its end.
import type { Config } from '../../config/load.js';
import type { Backup } from '../../model.js';
import { runsServices } from '../../workflows/catalog.js';
import type { Command } from '../deps.js';
import { exitOfState } from '../exit.js';
import { look, lookFailed } from '../look.js';
import { isJson } from '../options.js';
import { configOf, type ServerOptions, serversToRead } from '../servers.js';
import { backupsView } from '../view/backups.js';
import { document, print } from '../view/json.js';
import { answering } from '../view/style.js';
import { sideBySide } from '../waves.js';

const hasOffsite = ({ servers }: Config, name: string): boolean =>
  servers[name]?.backup.offsite !== undefined;

export const backupsLs: Command<ServerOptions> = async (io, options, deps) => {
  const config = configOf(io, options);
  const servers = serversToRead(io, config, options).filter(runsServices);
  const { control } = await deps.openSession(io, { config });
  try {
    const lists = await sideBySide(
      servers,
      async (server): Promise<{ server: string; backups: Backup[] }> => {
        const state = await look(io, deps, control, server, { name: 'backup-list', options: {} });
        if (exitOfState(state) === 0 && state.backups) return { server: server.name, backups: state.backups };
        throw lookFailed(state, 'its backups could not be read');
      },
    );
    if (isJson(options)) io.out(print(document('backups', { servers: lists })));
    else
      for (const { server, backups } of lists)
        io.out(
          `${backupsView({ server, hasOffsite: hasOffsite(config, server) }, backups, answering(io), deps.now()).join('\n')}\n`,
        );
    return 0;
  } finally {
    await control.close();
  }
};
