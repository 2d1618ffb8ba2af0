// `clincher egress allow|deny`: what clincher.yaml will say, one question, and the run that makes and proves it.
import { withDomain, withoutDomain } from '../../config/egress-edit.js';
import { type Config, parseConfig, resolveServer } from '../../config/load.js';
import type { ExtraDomain, Server } from '../../model.js';
import { mustBeWritable, readConfigText } from '../config-edit.js';
import type { Command, Deps } from '../deps.js';
import { mustAgree, runChange, type Wanted } from '../egress-run.js';
import { expiryOf, mustBeDomain, mustBeExtra, mustBeShut, mustHaveReason, onlyOne } from '../egress-words.js';
import type { Io } from '../io.js';
import type { GlobalOptions } from '../options.js';
import { configOf, type ServerOptions, serversToChange } from '../servers.js';

export interface AllowOptions extends ServerOptions {
  domain: string;
  reason?: string;
  owner?: string;
  expires?: string;
  yes?: boolean;
}

/** What is to change, given the server and the file as they are. */
type Plan = (server: Server, path: string, before: string) => Pick<Wanted, 'change' | 'edit'>;

export const egressAllow: Command<AllowOptions> = (io, options, deps) =>
  changed(io, options, deps, (server, path, before) => {
    mustBeShut(server, options.domain, deps.now());
    const extra = extraOf(options, deps.now());
    const all = server.stack.egress.extra_domains;
    const expired = all.find(({ domain }) => domain === extra.domain);
    const again = (text: string): string => withDomain(text, server.name, extra, all);
    const back = (text: string): string =>
      expired === undefined
        ? withoutDomain(text, server.name, extra.domain, all)
        : withDomain(text, server.name, expired, all);
    return {
      change: { act: 'allow', server: server.name, ...extra },
      edit: { path, before, after: again(before), again, back },
    };
  });

function extraOf({ domain, reason, owner, expires }: AllowOptions, now: number): ExtraDomain {
  const until = expiryOf(expires, now);
  return {
    domain,
    reason: mustHaveReason(reason),
    ...(owner === undefined ? {} : { owner }),
    ...(until === undefined ? {} : { expires: until }),
  };
}

export const egressDeny: Command<AllowOptions> = (io, options, deps) =>
  changed(io, options, deps, (server, path, before) => {
    const extra = mustBeExtra(server, options.domain, deps.now());
    const all = server.stack.egress.extra_domains;
    const again = (text: string): string => withoutDomain(text, server.name, extra.domain, all);
    const back = (text: string): string => withDomain(text, server.name, extra, all);
    const reason = options.reason ?? `no longer wanted: ${extra.reason}`;
    return {
      change: { act: 'deny', server: server.name, domain: extra.domain, owner: extra.owner, reason },
      edit: { path, before, after: again(before), again, back },
    };
  });

async function changed(
  io: Io,
  options: AllowOptions & GlobalOptions,
  deps: Deps,
  plan: Plan,
): Promise<number> {
  mustBeDomain(options.domain);
  const now = configOf(io, options);
  const server = onlyOne(serversToChange(io, now, options));
  const wanted = plan(server, now.path, await readConfigText(now.path));
  await mustBeWritable(now.path);
  const read = (): Config => parseConfig(wanted.edit.after, now.path, io);
  read();
  await mustAgree(io, deps, wanted, options.yes);
  await (await import('../../images/ensure-locked.js')).ensureLocked(io, now, [server]);
  const config = read();
  const session = await deps.openSession(io, { config });
  try {
    const next = { ...wanted, config, server: resolveServer(config, server.name) };
    return await runChange(io, options, deps, session, next);
  } finally {
    await session.control.close();
  }
}
