// `clincher backups drills`: how each drill of a server went, and whether a recovery takes longer than it did.
import type { DrillRecord } from '../../model.js';
import { sideBySide } from '../../side-by-side.js';
import { isStandIn, runsServices } from '../../workflows/catalog.js';
import type { Command } from '../deps.js';
import { exitOfState } from '../exit.js';
import { look, lookFailed } from '../look.js';
import { isJson } from '../options.js';
import { configOf, type ServerOptions, serversToRead } from '../servers.js';
import { drillsView, trendOf } from '../view/drills.js';
import { document, print } from '../view/json.js';
import { recoveryTrend } from '../view/recovery-drills.js';
import { answering } from '../view/style.js';

export const backupsDrills: Command<ServerOptions> = async (io, options, deps) => {
  const config = configOf(io, options);
  const servers = serversToRead(io, config, options).filter((each) => runsServices(each) || isStandIn(each));
  const { control } = await deps.openSession(io, { config });
  try {
    const lists = await sideBySide(
      servers,
      async (server): Promise<{ server: string; drills: DrillRecord[] }> => {
        const state = await look(io, deps, control, server, { name: 'backup-list', options: {} });
        if (exitOfState(state) === 0) return { server: server.name, drills: state.drills ?? [] };
        throw lookFailed(state, 'its drills could not be read');
      },
    );
    const told = lists.map((each) => ({ ...each, ...trendOf(each.drills), ...recoveryTrend(each.drills) }));
    if (isJson(options)) io.out(print(document('drills', { servers: told })));
    else for (const each of told) io.out(`${drillsView(each, answering(io), deps.now()).join('\n')}\n`);
    return 0;
  } finally {
    await control.close();
  }
};
