// metrics.services: the exporters and the door to them run where a monitor watches, and nowhere else.
import { OVERLAYS } from '../stack/overlays.js';
import { defineStep } from './define.js';
import { overlayFacts, overlayPlan } from './overlay-services.js';

const NAMES: readonly string[] = OVERLAYS.find(({ name }) => name === 'metrics')?.services ?? [];
const BUDGET_SECONDS = 90;

export const metricsServices = defineStep({
  id: 'metrics.services',
  title: 'Figures are read by one door, with a token, over TLS',
  why: 'LiteLLM and Redis publish no port, and should not: what is open to a monitor is open to whoever stands in its place.',
  source: 'guide Step 13.2.1; https://prometheus.io/docs/operating/security/',
  timeoutMs: 5 * 60_000,
  wanted: ({ role, stack }) => role === 'primary' && stack.enabled,
  facts: overlayFacts,
  plan: overlayPlan(NAMES, BUDGET_SECONDS),
});
