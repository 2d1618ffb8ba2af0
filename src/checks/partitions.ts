// Checks of gateways that share a host: no way from one to another, and no secret that two of them hold.
import { heldNow } from '../commands/held-secrets.js';
import { reached } from '../commands/neighbours.js';
import type { HeldSecret, Server } from '../model.js';
import { nameIn, neighboursOf, partitionNames, views } from '../stack/partitions.js';
import { GATEWAY_PORT, gatewayAddress } from '../stack/proxy-net.js';
import { defineCheck, onHost, rerun, runsGateway, unknown, unless } from './define.js';

/** A partition, or a server that has some. */
const sharesHost = (server: Server): boolean => runsGateway(server) && neighboursOf(server).length > 0;

const gateways = (server: Server): string[] =>
  neighboursOf(server).map(
    (proxy_subnet) => `${gatewayAddress({ stack: { ...server.stack, proxy_subnet } })}:${GATEWAY_PORT}`,
  );

export const apart = defineCheck({
  id: 'verify.partitions-apart',
  title: 'No gateway gets to another one on the same host',
  why: 'Whoever talks one agent into something would be the other one’s neighbour, before its door and behind all walls.',
  source:
    'guide Step 14 (state isolation); https://docs.docker.com/engine/network/packet-filtering-firewalls/',
  vantage: 'host',
  wanted: sharesHost,
  facts: (server) => ({ reached: reached(gateways(server)) }),
  judge({ reached: found }, server) {
    const mute = found.find(({ proxied }) => proxied.status === undefined);
    if (mute) return unknown(`the egress proxy says nothing to ${mute.target}: ${mute.proxied.error}`);
    return unless(
      found.flatMap(({ target, direct, proxied }) => [
        ...(direct === 'connected' ? [`a connection to ${target} succeeds`] : []),
        ...(proxied.status === 200 ? [`the egress proxy opens ${target}`] : []),
      ]),
      `${found.map(({ target, direct }) => `${target}: ${direct}`).join(', ')}; the egress proxy refuses them too`,
      rerun(server, 'stack.compose,stack.egress,stack.services'),
      onHost(server, 'sudo iptables -S DOCKER-USER   # and what Docker has before it'),
    );
  },
});

/** What logs in to a gateway, what it asks for models with, and its bot. */
const FIELDS = ['gatewayToken', 'litellmKey', 'telegramToken'];

const NOBODY = { by: 'nobody' } as const;

const places = (server: Server): HeldSecret[] =>
  views(server).flatMap((view) =>
    FIELDS.filter((field) => field !== 'telegramToken' || view.channels.telegram.enabled).map((field) => ({
      ...{ path: field, ref: '', container: nameIn(view, 'openclaw'), field, judge: NOBODY },
    })),
  );

export const apartSecrets = defineCheck({
  id: 'verify.partitions-secrets',
  title: 'No two gateways on this host hold one token or key',
  why: 'Two that poll one bot take each other’s messages away; and a token that opens two doors makes one of what was divided.',
  source: 'guide Step 14 (a singleton per channel connection); https://core.telegram.org/bots/api#getupdates',
  vantage: 'host',
  wanted: (server) => runsGateway(server) && partitionNames(server).length > 0,
  facts: (server) => ({ held: heldNow(places(server)) }),
  judge({ held }, server) {
    const all = places(server);
    const silent = all.find((_, at) => held[at]?.sha256 === undefined);
    if (silent) return unknown(`${silent.container} has no ${silent.field}, or does not run`);
    const same = all.flatMap((place, at) => {
      const other = all.findIndex((_, i) => held[i]?.sha256 === held[at]?.sha256);
      return other < at ? [`${place.container} holds ${place.field} of ${all[other]?.container}`] : [];
    });
    return unless(
      same,
      `${held.length} values, no two of them alike`,
      rerun(server, 'stack.secrets,stack.services'),
    );
  },
});
