// The runbooks that only look: the part of catalog.ts that is theirs.
import type { Runbook } from './catalog.js';

export const LOOK_BOOKS: readonly Runbook[] = [
  {
    name: 'scan-images',
    title: 'Critical holes that are known in the images that run, by trivy where the server has it',
    mutating: false,
    followed: true,
    danger: 'none',
    checklists: [],
    needsGateway: true,
  },
  {
    name: 'watchdog',
    title:
      'One look at everything that breaks between two proofs; its schedule does it every five minutes, and tells you',
    mutating: false,
    followed: true,
    danger: 'none',
    checklists: [],
  },
  {
    name: 'diagnose',
    title:
      'What is wrong, and what causes it, likeliest first; each cause with its evidence and what mends it, where you say so',
    mutating: false,
    followed: true,
    danger: 'none',
    checklists: [],
    needsGateway: true,
  },
  {
    name: 'plan',
    title: 'What would change; changes nothing',
    mutating: false,
    danger: 'none',
    checklists: [],
  },
  {
    name: 'verify',
    title: 'Proves that nothing would change',
    mutating: false,
    danger: 'none',
    checklists: [],
  },
];
