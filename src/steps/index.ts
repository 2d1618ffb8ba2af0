// The table of contents: every checklist, in the order in which a run goes through it.
import type { Step } from '../model.js';
import { baseSysctl } from './base-sysctl.js';
import type { Checklist } from './define.js';

export const CHECKLISTS: readonly Checklist[] = [
  // Guide Step 1: a way in that is ours, Docker, the kernel.
  { id: 'base', title: 'Base', steps: [baseSysctl] },
];

// biome-ignore lint/suspicious/noExplicitAny: steps over facts of every type
export const STEPS: readonly Step<any>[] = CHECKLISTS.flatMap((list) => list.steps);
