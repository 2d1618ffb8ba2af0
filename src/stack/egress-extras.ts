// Ways out that a person asked for: until when each is open, and how the list on a server tells which ones it was made of.
import type { ExtraDomain, Server } from '../model.js';

const DAY_MS = 24 * 60 * 60_000;

/** When it is shut. Of a day the whole is meant. */
export const endOf = (expires: string): number => Date.parse(expires) + (expires.includes('T') ? 0 : DAY_MS);

export const isOver = ({ expires }: ExtraDomain, now: number): boolean =>
  expires !== undefined && endOf(expires) <= now;

export const withExtras = (server: Server, extra_domains: ExtraDomain[]): Server => ({
  ...server,
  stack: { ...server.stack, egress: { ...server.stack.egress, extra_domains } },
});

/** As the server is to be now, however long ago its configuration was written or frozen into a run. */
export function withoutExpired(server: Server, now: number): Server {
  const extras = server.stack.egress.extra_domains;
  const open = extras.filter((extra) => !isOver(extra, now));
  return open.length === extras.length ? server : withExtras(server, open);
}

/** What stands in the list above such a domain. */
export const whyOf = ({ reason, expires }: ExtraDomain): string =>
  `extra: ${reason}${expires === undefined ? '' : ` (until ${expires})`}`;

/** Out of a list that `egressAcl` wrote: its domains, and the extra ones with all that the list says of them. */
export function listedIn(acl: string): { domains: string[]; extras: ExtraDomain[] } {
  const domains: string[] = [];
  const extras: ExtraDomain[] = [];
  let whys: string[] = [];
  for (const line of acl.slice(acl.indexOf('allowed_domains:')).split('\n').slice(1)) {
    const [, why] = /^ *# (.*)$/.exec(line) ?? [];
    const [, domain] = /^ *- "?([^"]+)"?$/.exec(line) ?? [];
    if (why !== undefined) whys.push(why);
    if (domain === undefined) continue;
    domains.push(domain);
    extras.push(...whys.flatMap((each) => extraOf(domain, each) ?? []));
    whys = [];
  }
  return { domains, extras };
}

function extraOf(domain: string, why: string): ExtraDomain | undefined {
  const [, reason, expires] = /^extra: (.*?)(?: \(until (\d{4}-[^ ()]+)\))?$/.exec(why) ?? [];
  if (reason === undefined) return undefined;
  return { domain, reason, ...(expires === undefined ? {} : { expires }) };
}
