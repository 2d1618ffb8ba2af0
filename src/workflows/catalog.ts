// The runbooks that an operator may start, as data: what they are called, how dangerous they are, what they go through.
import type { Server } from '../model.js';

export interface Runbook {
  /** kebab-case; the workflow type is the same in camelCase. */
  name: string;
  title: string;
  /** It changes the host, so it takes the host's lock. */
  mutating: boolean;
  /** `ask`: one y/N after the plan. `severe`: the server's name must be typed. */
  danger: 'none' | 'ask' | 'severe';
  checklists: readonly string[];
}

export const CATALOG: readonly Runbook[] = [
  {
    name: 'provision',
    title: 'From a server that nobody touched to a hardened, proved Docker host',
    mutating: true,
    danger: 'ask',
    checklists: ['base', 'harden.host'],
  },
  {
    name: 'harden',
    title: 'The protection of the host again, on a server that is provisioned',
    mutating: true,
    danger: 'ask',
    checklists: ['harden.host'],
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

export const findRunbook = (name: string): Runbook | undefined => CATALOG.find((book) => book.name === name);

/** Checklists that a runbook goes through on this very server. */
export const checklistsOf = (book: Runbook, server: Server): string[] =>
  book.name === 'provision' && server.tailscale.enabled
    ? [...book.checklists, 'harden.tailnet']
    : [...book.checklists];
