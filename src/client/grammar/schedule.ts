// Commands about what starts by itself.
import { SERVER } from './flags.js';
import type { Argument, CommandSpec } from './spec.js';

const RUNBOOK: Argument = {
  name: 'runbook',
  help: 'one that `schedule ls` shows, such as verify, restore-drill or watchdog',
};

export const SCHEDULE: readonly CommandSpec[] = [
  {
    name: 'schedule ls',
    group: 'Keep',
    summary: 'List what starts by itself: when next, when last, and whether it is what clincher.yaml says',
    examples: ['clincher schedule ls', 'clincher schedule ls -s prod', 'clincher schedule ls --json'],
    args: [],
    flags: [SERVER],
    load: async () => (await import('../commands/schedule.js')).scheduleLs,
  },
  {
    name: 'schedule sync',
    group: 'Keep',
    summary: 'Make the schedules what clincher.yaml says; those of servers that are gone go, a pause stays',
    examples: ['clincher schedule sync', 'clincher schedule sync -s prod', 'clincher schedule sync --json'],
    args: [],
    flags: [SERVER],
    load: async () => (await import('../commands/schedule.js')).scheduleSync,
  },
  {
    name: 'schedule pause',
    group: 'Keep',
    summary: 'Keep a runbook from starting by itself, until it is resumed',
    examples: [
      'clincher schedule pause rotate-token -s prod',
      'clincher schedule pause verify -s all --note "moving"',
      'clincher schedule resume rotate-token -s prod',
    ],
    args: [RUNBOOK],
    flags: [SERVER, { flags: '--note <text>', help: 'why; `schedule ls` shows it' }],
    load: async () => (await import('../commands/schedule.js')).schedulePause,
  },
  {
    name: 'schedule resume',
    group: 'Keep',
    summary: 'Let a runbook start by itself again',
    examples: [
      'clincher schedule resume rotate-token -s prod',
      'clincher schedule resume verify -s all',
      'clincher schedule ls',
    ],
    args: [RUNBOOK],
    flags: [SERVER],
    load: async () => (await import('../commands/schedule.js')).scheduleResume,
  },
  {
    name: 'schedule trigger',
    group: 'Keep',
    summary: 'Start it now as its schedule would, without anybody looking on',
    examples: [
      'clincher schedule trigger restore-drill -s prod',
      'clincher schedule trigger verify -s all',
      'clincher runs',
    ],
    args: [RUNBOOK],
    flags: [SERVER],
    load: async () => (await import('../commands/schedule.js')).scheduleTrigger,
  },
];
