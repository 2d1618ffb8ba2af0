// Commands that keep things in order: locks.
import { CONFIRM, SERVER } from './flags.js';
import type { CommandSpec } from './spec.js';

export const KEEP: readonly CommandSpec[] = [
  {
    name: 'lock status',
    group: 'Keep',
    summary: 'Who holds a server: the lock is the running operation itself',
    examples: ['clincher lock status', 'clincher lock status -s prod', 'clincher lock status --json'],
    args: [],
    flags: [SERVER],
    load: async () => (await import('../commands/lock.js')).lockStatus,
  },
  {
    name: 'lock release',
    group: 'Keep',
    summary: 'End the run that holds a server at once, without any clean-up; try `abort` first',
    examples: [
      'clincher lock release -s prod',
      'clincher lock release -s prod --confirm prod',
      'clincher abort @last',
    ],
    args: [],
    flags: [SERVER, CONFIRM],
    load: async () => (await import('../commands/lock.js')).lockRelease,
  },
];
