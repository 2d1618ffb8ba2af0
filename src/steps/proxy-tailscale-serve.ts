// proxy.tailscale-serve: the tailnet reaches the gateway by HTTPS, and nothing else on this host; the internet nothing.
import * as tailscale from '../commands/tailscale.js';
import type { Change, Server } from '../model.js';
import { GATEWAY_PORT, gatewayAddress } from '../stack/proxy-net.js';
import { change, defineStep } from './define.js';

/** The guide serves localhost, where compose publishes nothing; the host is on the gateway's own bridge as well. */
const gateway = (want: Server): string => `http://${gatewayAddress(want)}:${GATEWAY_PORT}`;

/** Of another way in than before, what was ours goes; whatever else somebody serves is theirs. */
function leftOver(serving: readonly string[], ours: string): Change[] {
  const lines = serving.filter((line) => line.startsWith(ours));
  return lines.length === 0 ? [] : [change(`close: ${lines.join('; ')}`, tailscale.serveNoMore)];
}

export const proxyTailscaleServe = defineStep({
  id: 'proxy.tailscale-serve',
  title: 'Tailscale serves the gateway, to the tailnet alone',
  why: 'Your own devices reach the gateway by HTTPS, and no port is open to anybody else. A Funnel left on would show it to the whole internet.',
  source: 'guide Step 9, option C; https://tailscale.com/kb/1242/tailscale-serve',
  wanted: (want) => want.tailscale.enabled,
  facts: () => ({ node: tailscale.node, serving: tailscale.serving }),
  plan({ node, serving }, want) {
    if (want.proxy.kind !== 'tailscale')
      return leftOver(serving, tailscale.handler(node?.name ?? '', gateway(want)));
    if (node && !node.isUp) throw new Error('the node is not up in the tailnet');
    if (node && !node.certificateNames.includes(node.name))
      throw new Error(
        'this tailnet gives out no HTTPS certificates: enable them in its DNS settings, then go on',
      );
    const ours = tailscale.handler(node?.name ?? '', gateway(want));
    const foreign = serving.filter((line) => line !== ours);
    const close = change(`close: ${foreign.join('; ')}`, tailscale.serveNothing);
    const serve = change(`serve: ${ours}`, tailscale.serve(gateway(want)));
    if (foreign.length > 0) return [close, serve];
    return serving.length === 1 ? [] : [serve];
  },
});
