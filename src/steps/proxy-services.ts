// proxy.services: the one reverse proxy that is configured runs, and no other.
import { defineStep } from './define.js';
import { overlayFacts, overlayPlan } from './overlay-services.js';

/** Services that the web reaches, whichever overlay they come from. */
const PROXIES: readonly string[] = ['caddy', 'cloudflared'];

/** Caddy answers at once; a tunnel is healthy when Cloudflare has taken it. */
const BUDGET_SECONDS = 120;

export const proxyServices = defineStep({
  id: 'proxy.services',
  title: 'The configured reverse proxy runs, and no other',
  why: 'It starts last: what is not proved yet is not reached. One that is no longer configured would stay open unseen.',
  source: 'guide Step 9',
  timeoutMs: 5 * 60_000,
  facts: overlayFacts,
  plan: overlayPlan(PROXIES, BUDGET_SECONDS),
});
