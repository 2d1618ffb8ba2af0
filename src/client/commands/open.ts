// `clincher open`: the gateway's dashboard on this machine's loopback, as long as the command runs; nothing is published.

import { originsOf } from '../../stack/openclaw-gateway.js';
import { GATEWAY_PORT, gatewayAddress } from '../../stack/proxy-net.js';
import { internal } from '../../stack/tokens.js';
import type { Dashboard } from '../dashboard.js';
import type { Command } from '../deps.js';
import { gatewayView, type OfPartition } from '../gateway-of.js';
import type { Io } from '../io.js';
import { type GlobalOptions, isJson } from '../options.js';
import { leavable, type ReachOptions, reaching, serverToReach } from '../reaching.js';
import { document, print } from '../view/json.js';

export interface OpenOptions extends ReachOptions, OfPartition {
  port?: number;
}

export const open: Command<OpenOptions> = async (io, options, deps) => {
  const reached = serverToReach(io, options);
  const view = gatewayView(reached.server, options.partition);
  const { serveDashboard } = await import('../dashboard.js');
  return reaching(io, deps, reached, { act: 'open' }, async (reach) => {
    const dashboard = await serveDashboard({
      port: options.port ?? GATEWAY_PORT,
      origin: originsOf(view)[0] ?? '',
      dial: () => reach.forward(gatewayAddress(view), GATEWAY_PORT),
      token: () => reach.reveal(internal(view, 'gateway_token')),
      now: deps.now,
    });
    try {
      tell(io, dashboard, { ...options, name: reached.server.name });
      await leavable(io, (leave) => new Promise((resolve) => leave.addEventListener('abort', resolve)));
    } finally {
      await dashboard.close();
    }
    return 0;
  });
};

function tell(
  io: Io,
  { url, link }: Dashboard,
  { name, partition, ...options }: OpenOptions & GlobalOptions & { name: string },
): void {
  io.out(isJson(options) ? print(document('open', { server: name, url, link })) : `${link}\n`);
  if (isJson(options) || options.quiet) return;
  const of = partition === undefined ? '' : ` --partition ${partition}`;
  io.err(`The link logs in whoever opens it first, once, within two minutes; after that: ${url}
A browser that the gateway does not know waits to be let in: clincher pairing ls -s ${name}${of}
Ctrl-C closes it.\n`);
}
