// convenience.filebrowser: the page of the shared folder runs where it is wanted, and nowhere else. The proxy shows it later.
import { defineStep } from './define.js';
import { overlayFacts, overlayPlan } from './overlay-services.js';
import { runsStack } from './stack-file-step.js';

const BUDGET_SECONDS = 60;

export const convenienceFilebrowser = defineStep({
  id: 'convenience.filebrowser',
  title: 'Filebrowser runs where it is configured, and nowhere else',
  why: 'It starts before it is shown: a page that takes admin for a password would otherwise be open until somebody looks.',
  source: 'guide Step 11.5; https://filebrowser.org/authentication',
  timeoutMs: 5 * 60_000,
  wanted: (want) => runsStack(want) && want.role === 'primary',
  facts: overlayFacts,
  plan: overlayPlan(['filebrowser'], BUDGET_SECONDS),
});
