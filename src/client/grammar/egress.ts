// Commands about the ways out: which there are, and one more or one less of them.
import { SERVER, YES } from './flags.js';
import type { Argument, CommandSpec, Flag } from './spec.js';

const DOMAIN: Argument = { name: 'domain', help: 'a host name, or *.example.com for all below it' };
const reason = (help: string): Flag => ({ flags: '--reason <text>', help });

export const EGRESS: readonly CommandSpec[] = [
  {
    name: 'egress list',
    group: 'Keep',
    summary: 'List the ways out: who needs each, who answers for it, and until when',
    examples: ['clincher egress list', 'clincher egress list -s prod', 'clincher egress list -s prod --json'],
    args: [],
    flags: [SERVER],
    load: async () => (await import('../commands/egress.js')).egressList,
  },
  {
    name: 'egress allow',
    group: 'Keep',
    summary: 'Open one more way out: written into clincher.yaml, tried by Smokescreen, proved, or undone',
    examples: [
      'clincher egress allow rpc.example.com -s prod --reason "The agent reads balances"',
      'clincher egress allow rpc.example.com -s prod --reason "Trial of a provider" --owner ada --expires 30d',
      'clincher egress allow \'*.example.com\' -s prod --reason "Feeds" --expires 2026-12-31 --yes',
    ],
    args: [DOMAIN],
    flags: [
      SERVER,
      reason('why data may leave this way'),
      { flags: '--owner <name>', help: 'who answers for it' },
      {
        flags: '--expires <when>',
        help: 'shut by itself after 12h or 30d, or at the end of 2026-12-31 (UTC)',
      },
      YES,
    ],
    load: async () => (await import('../commands/egress-change.js')).egressAllow,
  },
  {
    name: 'egress deny',
    group: 'Keep',
    summary: 'Shut a way out that was opened so; those that providers and channels need stay',
    examples: [
      'clincher egress deny rpc.example.com -s prod',
      'clincher egress deny rpc.example.com -s prod --reason "The trial is over" --yes',
      'clincher egress list -s prod',
    ],
    args: [DOMAIN],
    flags: [SERVER, reason('why it is shut, for the trail'), YES],
    load: async () => (await import('../commands/egress-change.js')).egressDeny,
  },
];
