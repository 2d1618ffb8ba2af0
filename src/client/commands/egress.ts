// `clincher egress list`: the ways out as clincher.yaml says them. Contacts nothing.
import type { ExtraDomain, Server } from '../../model.js';
import { egressDomains } from '../../stack/egress-acl.js';
import { endOf, isOver, withExtras } from '../../stack/egress-extras.js';
import { hasStack } from '../../workflows/catalog.js';
import type { Command } from '../deps.js';
import { isJson } from '../options.js';
import { configOf, type ServerOptions, serversToRead } from '../servers.js';
import { type EgressRow, egressView } from '../view/egress.js';
import { document, print } from '../view/json.js';
import { answering } from '../view/style.js';

export const egressList: Command<ServerOptions> = async (io, options, deps) => {
  const servers = serversToRead(io, configOf(io, options), options);
  const lists = servers.map((server) => ({ server: server.name, domains: rowsOf(server, deps.now()) }));
  if (isJson(options)) io.out(print(document('egress', { servers: lists })));
  else
    for (const { server, domains } of lists)
      io.out(`${egressView(server, domains, answering(io), deps.now()).join('\n')}\n`);
  return 0;
};

function rowsOf(server: Server, now: number): EgressRow[] {
  if (!hasStack(server)) return [];
  const needed = egressDomains(withExtras(server, [])).map(
    (each): EgressRow => ({ ...each, kind: 'needed', isOpen: true }),
  );
  const extras = server.stack.egress.extra_domains.map((extra) => extraRow(extra, now));
  return [...needed, ...extras].sort((a, b) => (a.domain < b.domain ? -1 : 1));
}

const extraRow = (extra: ExtraDomain, now: number): EgressRow => {
  const { domain, reason, owner, expires } = extra;
  return {
    ...{ domain, kind: 'extra', reasons: [reason], isOpen: !isOver(extra, now) },
    ...(owner === undefined ? {} : { owner }),
    ...(expires === undefined ? {} : { expires, endsAt: new Date(endOf(expires)).toISOString() }),
  };
};
