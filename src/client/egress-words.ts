// What a person may say of a way out: each mistake is told before anything is contacted.
import { domainToASCII } from 'node:url';
import { egressDomain, expiry } from '../config/fields-stack.js';
import { ClincherError } from '../errors.js';
import type { ExtraDomain, Server } from '../model.js';
import { covers } from '../stack/doors.js';
import { egressDomains } from '../stack/egress-acl.js';
import { endOf, withExtras, withoutExpired } from '../stack/egress-extras.js';
import { runsServices } from '../workflows/catalog.js';
import { parseDuration } from './view/time.js';

const usage = (message: string, ...remedy: string[]): ClincherError =>
  new ClincherError('USAGE', message, remedy.length > 0 ? { remedy } : {});

export function mustBeDomain(domain: string): void {
  const shown = domain.replace(/[^\x21-\x7e]/g, '?').slice(0, 80);
  if (/[^\x20-\x7e]/.test(domain)) {
    const ascii = domainToASCII(domain);
    throw usage(`"${shown}" is to be written in ASCII${ascii ? `: ${ascii}` : ''}.`);
  }
  if (domain !== domain.toLowerCase())
    throw usage(`"${shown}" is to be written in lower case.`, domain.toLowerCase());
  const complaint = egressDomain(domain);
  if (complaint !== undefined) throw usage(`"${shown}" ${complaint}.`);
}

/** One server at a time, since each is proved; a standby has the list and no proxy that could be asked. */
export function onlyOne(servers: readonly Server[]): Server {
  const [server] = servers;
  if (server === undefined || servers.length !== 1)
    throw usage('Change the ways out of one server at a time.');
  if (runsServices(server)) return server;
  throw usage(
    `${server.name} runs no egress proxy that could be asked.`,
    `edit stack.egress.extra_domains in clincher.yaml, then \`clincher run provision -s ${server.name}\``,
  );
}

/** `30d` from now, a day, or a moment; as clincher.yaml says it. */
export function expiryOf(text: string | undefined, now: number): string | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+[smhd]$/.test(text) ? parseDuration(text) : undefined;
  const expires = ms === undefined ? text : new Date(now + ms).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
  if (ms === undefined && expiry(text) !== undefined)
    throw usage(`--expires ${text.slice(0, 40)} ${expiry(text)}, nor a time such as 12h or 30d.`);
  if (endOf(expires) > now) return expires;
  throw usage(`--expires ${text.slice(0, 40)} is over already.`);
}

const reasonsOf = (server: Server, domain: string): string =>
  egressDomains(server)
    .find((each) => each.domain === domain)
    ?.reasons.join('; ') ?? '';

/** Whatever lets it out now. */
function opener(server: Server, domain: string): string | undefined {
  return egressDomains(server).find((each) => covers(each.domain, domain))?.domain;
}

export function mustBeShut(server: Server, domain: string, now: number): void {
  const current = withoutExpired(server, now);
  const by = opener(current, domain);
  if (by === undefined) return;
  const how = by === domain ? '' : `, by ${by}`;
  throw usage(
    `${domain} is open already${how}: ${reasonsOf(current, by)}.`,
    `clincher egress list -s ${server.name}`,
    ...(by === domain && isExtra(server, domain)
      ? [`for another end: clincher egress deny ${domain} -s ${server.name}, then allow it`]
      : []),
  );
}

const isExtra = ({ stack }: Server, domain: string): boolean =>
  stack.egress.extra_domains.some((extra) => extra.domain === domain);

/** The entry that goes; throws where it is not one of a person's, or where another keeps the door open. */
export function mustBeExtra(server: Server, domain: string, now: number): ExtraDomain {
  const extras = server.stack.egress.extra_domains;
  const found = extras.find((extra) => extra.domain === domain);
  const rest = withoutExpired(
    withExtras(
      server,
      extras.filter((extra) => extra !== found),
    ),
    now,
  );
  const by = opener(rest, domain);
  if (found === undefined && by === undefined)
    throw usage(`${domain} is on no list of ${server.name}.`, `clincher egress list -s ${server.name}`);
  if (by !== undefined) throw stays(server, rest, domain, by);
  return found!;
}

function stays(server: Server, rest: Server, domain: string, by: string): ClincherError {
  const reasons = reasonsOf(rest, by);
  if (isExtra(rest, by))
    return usage(
      `${domain} stays open, by ${by}: ${reasons}.`,
      `clincher egress deny '${by}' -s ${server.name}`,
    );
  return new ClincherError('EGRESS_NEEDED', `${by} is needed by ${reasons}`);
}

/** As `--reason` was given; a door without one is a door that nobody dares to shut. */
export function mustHaveReason(reason: string | undefined): string {
  if (reason !== undefined && reason.trim().length >= 4) return reason.trim();
  throw usage('Say why data may leave this way: --reason "…".');
}
