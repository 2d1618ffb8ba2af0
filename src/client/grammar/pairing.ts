// Commands that let people and devices in, one at a time.
import { SERVER, YES } from './flags.js';
import type { Argument, CommandSpec } from './spec.js';

const ID: Argument = { name: 'id', help: 'the code or id, as `clincher pairing ls` lists it' };

const PARTITION = { flags: '--partition <name>', help: 'of this partition’s gateway' };

export const PAIRING: readonly CommandSpec[] = [
  {
    name: 'pairing ls',
    group: 'Answer',
    summary:
      'List who waits to be let in: people who wrote to a bot, and devices that want to operate the gateway',
    examples: ['clincher pairing ls', 'clincher pairing ls -s prod', 'clincher pairing ls -s prod --json'],
    args: [],
    flags: [SERVER, PARTITION],
    load: async () => (await import('../commands/pairing.js')).pairingLs,
  },
  {
    name: 'pairing approve',
    group: 'Answer',
    summary: 'Let one in, by the code or id that `clincher pairing ls` shows; never all at once',
    examples: [
      'clincher pairing approve K7QX2M9P -s prod',
      'clincher pairing approve K7QX2M9P -s prod --yes --json',
      'clincher pairing approve 0b9cbb4e-6f0a-4f5e-9a3b-1f1f6f5b7d11 -s prod',
    ],
    args: [ID],
    flags: [SERVER, PARTITION, YES],
    load: async () => (await import('../commands/pairing.js')).pairingApprove,
  },
  {
    name: 'pairing reject',
    group: 'Answer',
    summary: 'Turn one device away; a person’s request ends by itself within the hour',
    examples: [
      'clincher pairing reject 0b9cbb4e-6f0a-4f5e-9a3b-1f1f6f5b7d11 -s prod',
      'clincher pairing reject 0b9cbb4e-6f0a-4f5e-9a3b-1f1f6f5b7d11 -s prod --yes',
      'clincher pairing ls -s prod',
    ],
    args: [ID],
    flags: [SERVER, PARTITION, YES],
    load: async () => (await import('../commands/pairing.js')).pairingReject,
  },
];
