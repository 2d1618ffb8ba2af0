// harden.web-ports: the web ports are there for the proxy in front of us, not for whoever finds the address.

import * as ufw from '../commands/ufw.js';
import { CLOUDFLARE } from './cloudflare-ranges.js';
import { change, defineStep } from './define.js';
import { webRules } from './firewall-rules.js';

export const hardenWebPorts = defineStep({
  id: 'harden.web-ports',
  title: 'The web ports admit their proxy alone',
  why: 'Whoever learns the server’s own address walks around the proxy, its filters and its limits.',
  source: 'guide Step 2',
  wanted: (want) => want.firewall.enabled,
  facts: () => ({ firewall: ufw.state }),
  plan({ firewall }, want) {
    const lacking = ufw.lacking(firewall.rules, webRules(want)).map((rule) => ufw.words(rule));
    if (lacking.length === 0) return [];
    const what =
      lacking.length > 3 ? `admit ${lacking.length} networks to the web ports` : lacking.join('; ');
    const diff = { path: 'ufw', before: '', after: lacking.map((words) => `${words}\n`).join('') };
    return [{ ...change(what, ufw.batch(...lacking)), diff }];
  },
  notes: (_, want) =>
    want.firewall.web_sources === 'cloudflare'
      ? [`Cloudflare’s ranges as known on ${CLOUDFLARE.asKnownOn}`]
      : [],
});
