// `clincher render`: the files of a server in a folder, each checked by its own tool. Asks no server, no engine and no vault.
import { join, resolve } from 'node:path';
import type { Server } from '../../model.js';
import type { SystemName } from '../../render/bare-host.js';
import { checkFiles, unjudged } from '../../render/check.js';
import { writeFolder } from '../../render/folder.js';
import { rendered } from '../../render/rendered.js';
import { withoutExpired } from '../../stack/egress-extras.js';
import { pinned } from '../../stack/images.js';
import type { Command } from '../deps.js';
import { worst } from '../exit.js';
import type { Io } from '../io.js';
import { printDocument } from '../results.js';
import { configOf, type ServerOptions, serversToRead } from '../servers.js';
import { document } from '../view/json.js';
import { isSound, type RenderReport, renderFields, renderView } from '../view/render.js';
import { answering } from '../view/style.js';

export interface RenderOptions extends ServerOptions {
  out?: string;
  os?: SystemName;
  force?: boolean;
}

export const render: Command<RenderOptions> = async (io, options, deps) => {
  const read = serversToRead(io, configOf(io, options), options);
  const servers = read.map((server) => withoutExpired(server, deps.now()));
  const reports: RenderReport[] = [];
  // One after the other: each has a dozen tools at work already.
  for (const server of servers) reports.push(await renderOne(io, server, options, servers.length === 1));
  if (options.output !== 'text')
    printDocument(
      io,
      reports.map((report) => document('render', renderFields(report))),
    );
  else
    for (const report of reports)
      io.out(`${renderView(report, answering(io), options.verbose).join('\n')}\n`);
  return worst(reports.map((report) => (isSound(report) ? 0 : 1)));
};

async function renderOne(
  io: Io,
  server: Server,
  { out, os = 'debian13', force = false }: RenderOptions,
  isOnly: boolean,
): Promise<RenderReport> {
  const result = rendered(server, os);
  const folder = resolve(
    io.cwd,
    out === undefined ? join('rendered', server.name) : isOnly ? out : join(out, server.name),
  );
  const again = `clincher render -s ${server.name}${out === undefined ? '' : ` --out ${out}`}`;
  writeFolder({ rendered: result, folder, force, again });
  const image = server.stack.enabled && server.role !== 'monitor' ? pinned(server, 'openclaw') : '';
  const checks = await checkFiles({ rendered: result, folder, image, env: io.env });
  return { rendered: result, folder, checks, unjudged: unjudged(result) };
}
