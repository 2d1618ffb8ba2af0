// Checks from another machine: what the server shows to strangers, and through its reverse proxy.
import type { OutsideNow } from '../commands/outside.js';
import type { Judgement, Server } from '../model.js';
import { defineCheck, fail, pass, rerun, runsGateway, unknown, unless } from './define.js';
import { isWithin } from './egress-targets.js';
import { fromOutside, webOf } from './facts.js';

const facts = (server: Server) => ({ seen: fromOutside(server) });

/** The machine of the worker logs in there, so it is let in anyway. */
const isAdmin = ({ from }: OutsideNow, { ssh }: Server): boolean =>
  from.address === undefined || ssh.admin_addresses.some((network) => isWithin(from.address ?? '', network));

/** What a reverse proxy may have open, now or until it is taken away. */
const webPorts = ({ firewall }: Server): Set<number> => new Set([80, 443, ...firewall.web_ports]);

function mayReachWeb({ from }: OutsideNow, { firewall, proxy }: Server): boolean {
  const { web_sources: sources } = firewall;
  if (proxy.kind !== 'caddy') return false;
  if (!Array.isArray(sources)) return sources === 'any';
  const { address } = from;
  // From where the worker looks, nobody here knows: it may be one of them.
  return address === undefined || sources.some((network) => isWithin(address, network));
}

const openOf = ({ ports }: OutsideNow): number[] =>
  Object.entries(ports).flatMap(([port, said]) => (said === 'open' ? [Number(port)] : []));

function judgePorts(
  seen: OutsideNow,
  wrong: readonly number[],
  asked: readonly number[],
  remedy: string,
): Judgement {
  const line = `asked from ${seen.from.name}: ${asked.join(', ')}`;
  if (wrong.length === 0) return pass('none answers but those that should', line);
  return fail(
    [`${wrong.join(', ')} ${wrong.length === 1 ? 'answers' : 'answer'} from outside`, line],
    remedy,
  );
}

const askedOf = ({ ports }: OutsideNow): number[] => Object.keys(ports).map(Number);

export const portsOutside = defineCheck({
  id: 'verify.outside-ports',
  title: 'From outside no inner port answers, and SSH its admins alone',
  why: 'Firewall, Docker and cloud each have a say in what is open; only a knock from outside shows the result.',
  source: 'guide Steps 2 and 10; CIS Debian 4.x',
  vantage: 'outside',
  facts,
  judge({ seen }, server) {
    const web = webPorts(server);
    const inner = askedOf(seen).filter((port) => !web.has(port));
    const may = isAdmin(seen, server) ? server.ssh.port : undefined;
    const wrong = openOf(seen).filter((port) => inner.includes(port) && port !== may);
    return judgePorts(seen, wrong, inner, rerun(server, 'harden.*,stack.*'));
  },
});

export const webPortsOutside = defineCheck({
  id: 'exposed.outside-ports',
  title: 'The web ports answer those alone whom the configuration names',
  why: 'Whoever reaches the server past Cloudflare is past its rules too; and a tunnel needs no open port at all.',
  source: 'guide Steps 2 and 9',
  vantage: 'outside',
  wanted: runsGateway,
  facts,
  judge({ seen }, server) {
    const web = askedOf(seen).filter((port) => webPorts(server).has(port));
    const wrong = mayReachWeb(seen, server) ? [] : openOf(seen).filter((port) => web.includes(port));
    return judgePorts(seen, wrong, web, rerun(server, 'harden.web-ports,harden.docker-user,proxy.*'));
  },
});

export const hasWeb = (server: Server): boolean => runsGateway(server) && webOf(server) !== undefined;

const unreached = (error: string, { from }: OutsideNow): Judgement =>
  unknown(
    `${from.name} does not reach it: ${error}`,
    'does its DNS name point here, and does the firewall admit it?',
  );

export const certificate = defineCheck({
  id: 'exposed.certificate',
  title: 'The public name has a certificate that is valid for it',
  why: 'Without one, browsers and channels refuse to come, or people learn to click warnings away.',
  source: 'guide Step 9',
  vantage: 'outside',
  wanted: hasWeb,
  facts,
  judge({ seen }, server) {
    const found = seen.certificate;
    if (found === undefined) return unknown('no certificate was looked at');
    if ('error' in found) return unreached(found.error, seen);
    const needsTrust = server.proxy.kind !== 'caddy' || server.proxy.tls === 'acme';
    return unless(
      [
        ...(found.coversName ? [] : [`it is not for ${server.proxy.domain}`]),
        ...(found.isCurrent ? [] : [`it ended ${found.until}`]),
        ...(found.isTrusted || !needsTrust ? [] : [`it is not trusted: ${found.why ?? 'without a reason'}`]),
      ],
      `for ${server.proxy.domain} until ${found.until}, by ${found.issuer}`,
      rerun(server, 'proxy.*'),
    );
  },
});

/** Where single sign-on stands before the gateway, it sends strangers to log in. */
export const isRefused = (status: number, { proxy }: Server): boolean =>
  [401, 403].includes(status) || (proxy.oidc.enabled && [302, 303, 307].includes(status));

export const anonymous = defineCheck({
  id: 'exposed.anonymous',
  title: 'Strangers are refused at the public name',
  why: 'This is what anybody on the internet sees first.',
  source: 'guide Step 10, pre-launch 4',
  vantage: 'outside',
  wanted: hasWeb,
  facts,
  judge({ seen }, server) {
    const said = seen.anonymous;
    if (said === undefined) return unknown('nothing was asked');
    if ('error' in said) return unreached(said.error, seen);
    return isRefused(said.status, server)
      ? pass(`a tool call without a token is answered ${said.status}`)
      : fail(
          [`a tool call without a token is answered ${said.status}, should be 401`],
          rerun(server, 'openclaw.*,proxy.*'),
        );
  },
});
