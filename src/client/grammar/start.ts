// Commands that set things up and keep them up.
import { SERVER } from './flags.js';
import type { CommandSpec } from './spec.js';

export const START: readonly CommandSpec[] = [
  {
    name: 'doctor',
    group: 'Start',
    summary: 'Check everything from here to the servers; each failure says its fix',
    examples: ['clincher doctor', 'clincher doctor -s prod', 'clincher doctor --json'],
    args: [],
    flags: [SERVER],
    load: async () => (await import('../commands/doctor.js')).doctor,
  },
  {
    name: 'up',
    group: 'Start',
    summary: 'Start the embedded control plane (Temporal, worker, web UI) in the background',
    examples: ['clincher up', 'clincher up --service', 'clincher up --json'],
    args: [],
    flags: [
      { flags: '--service', help: 'have systemd start it with the machine' },
      { flags: '--no-service', help: 'take that back' },
    ],
    load: async () => (await import('../commands/up.js')).up,
  },
  {
    name: 'down',
    group: 'Start',
    summary: 'Stop the embedded control plane; runs wait in its file until it is up again',
    examples: ['clincher down', 'clincher down && clincher up', 'clincher down --json'],
    args: [],
    flags: [],
    load: async () => (await import('../commands/down.js')).downAll,
  },
  {
    name: 'worker',
    group: 'Start',
    summary: 'Run only the worker, in the foreground, for a Temporal that is already there',
    examples: [
      'clincher worker',
      'TEMPORAL_ADDRESS=temporal:7233 clincher worker',
      'clincher worker --config ./clincher.yaml',
    ],
    args: [],
    flags: [],
    load: async () => (await import('../commands/worker.js')).worker,
  },
  {
    name: 'ui',
    group: 'Start',
    summary: 'Open the web UI of Temporal, with histories decoded',
    examples: ['clincher ui', 'clincher ui --no-open', 'clincher ui @last'],
    args: [{ name: 'run', help: 'open it at this run', isOptional: true, completes: 'run' }],
    flags: [{ flags: '--no-open', help: 'only print the address' }],
    load: async () => (await import('../commands/ui.js')).ui,
  },
];
