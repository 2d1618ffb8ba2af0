// The runbooks of control planes: the part of catalog.ts that is theirs.
import type { Runbook } from './catalog.js';

export const CONTROL_BOOKS: readonly Runbook[] = [
  {
    name: 'adoption',
    title: 'The server goes on under this control plane, since the one that had it is lost',
    mutating: true,
    danger: 'ask',
    checklists: [],
    besides:
      'Should the other control plane return, the server refuses it. Where it may be alive, or was at work, --take-over says why; `clincher adopt` does this for every server, and makes their schedules here.',
    keepsState: true,
  },
  {
    name: 'control-plane',
    title: 'A control plane for good on a monitor: installed, proved, and then in charge of every server',
    mutating: true,
    danger: 'severe',
    checklists: ['base', 'harden.host', 'control'],
    besides:
      'clincher.yaml, the vault and the keys that log in go there, encrypted and once; then schedules here are paused, and every server is adopted there. From then on servers refuse this control plane.',
  },
];
