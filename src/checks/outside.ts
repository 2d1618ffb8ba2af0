// Checks from another machine: what the server shows to strangers, and through its reverse proxy.
import type { OutsideNow } from '../commands/outside.js';
import { throughProxy } from '../commands/through-proxy.js';
import type { Judgement, Server } from '../model.js';
import { proxyAddress } from '../stack/proxy-net.js';
import { defineCheck, fail, pass, rerun, runsGateway, unknown, unless } from './define.js';
import { isWithin } from './egress-targets.js';
import { fromOutside, webOf } from './facts.js';

const facts = (server: Server) => ({ seen: fromOutside(server) });

/** The machine of the worker logs in there, so it is let in anyway. */
const isAdmin = ({ from }: OutsideNow, { ssh }: Server): boolean =>
  from.address === undefined || ssh.admin_addresses.some((network) => isWithin(from.address ?? '', network));

function mayReach(seen: OutsideNow, server: Server): Set<number> {
  const { ssh, firewall, proxy } = server;
  const { web_sources: sources, web_ports: ports } = firewall;
  const isLetIn =
    sources === 'any' ||
    (Array.isArray(sources) &&
      (seen.from.address === undefined || sources.some((one) => isWithin(seen.from.address ?? '', one))));
  return new Set([
    ...(isAdmin(seen, server) ? [ssh.port] : []),
    ...(isLetIn && proxy.kind === 'caddy' ? ports : []),
  ]);
}

export const portsOutside = defineCheck({
  id: 'verify.outside-ports',
  title: 'From outside no port answers but those that should',
  why: 'Firewall, Docker and cloud each have a say in what is open; only a knock from outside shows the result.',
  source: 'guide Steps 2 and 10; CIS Debian 4.x',
  vantage: 'outside',
  facts,
  judge({ seen }, server) {
    const may = mayReach(seen, server);
    const open = Object.entries(seen.ports).flatMap(([port, said]) =>
      said === 'open' ? [Number(port)] : [],
    );
    const wrong = open.filter((port) => !may.has(port));
    const asked = `asked from ${seen.from.name}: ${Object.keys(seen.ports).join(', ')}`;
    if (wrong.length > 0)
      return fail(
        [`${wrong.join(', ')} ${wrong.length === 1 ? 'answers' : 'answer'} from outside`, asked],
        rerun(server, 'harden.*,stack.*'),
      );
    return pass(open.length > 0 ? `only ${open.join(', ')} answers` : 'none answers', asked);
  },
});

const hasWeb = (server: Server): boolean => runsGateway(server) && webOf(server) !== undefined;

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
const isRefused = (status: number, { proxy }: Server): boolean =>
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

export const token = defineCheck({
  id: 'exposed.token',
  title: 'The token is accepted through the reverse proxy',
  why: 'Your own programs come this way; and a proxy that answers by itself would make every other check of it worthless.',
  source: 'guide Step 10',
  vantage: 'host',
  wanted: (server) => hasWeb(server) && server.proxy.kind === 'caddy',
  facts: (server) => ({
    through: throughProxy(server.stack.directory, proxyAddress(server), server.proxy.domain ?? ''),
  }),
  judge: ({ through }, server) =>
    unless(
      [
        ...(through.goodToken === 200
          ? []
          : [`with the token it is answered ${through.goodToken}, should be 200`]),
        ...(isRefused(through.anonymous, server)
          ? []
          : [`without the token it is answered ${through.anonymous}`]),
      ],
      'a tool call through the proxy: refused without the token, 200 with it',
      rerun(server, 'proxy.*,openclaw.*'),
    ),
});
