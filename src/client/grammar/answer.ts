// Commands that answer what a run asks.
import { RUN, RUN_FLAG, SERVER, UPDATE_ID } from './flags.js';
import type { CommandSpec } from './spec.js';

const ANSWERS = {
  retry: 'Try a failed step once more',
  skip: 'Leave a failed step as it is and go on',
} as const;

const failedStep = (name: 'retry' | 'skip'): CommandSpec => ({
  name,
  group: 'Answer',
  summary: ANSWERS[name],
  examples: [
    `clincher ${name} prod-3f2a`,
    `clincher ${name} @last`,
    `clincher ${name} prod-3f2a --step base.sshd`,
  ],
  args: [RUN],
  flags: [
    SERVER,
    { flags: '--step <id>', help: 'which step, when several failed', completes: 'step' },
    ...(name === 'retry'
      ? [
          { flags: '--new-config', help: 'go on with the configuration as it is now' },
          { flags: '--old-config', help: 'go on with the configuration that the run was started with' },
        ]
      : []),
    UPDATE_ID,
  ],
  load: async () => (await import('../commands/failed.js'))[name],
});

export const ANSWER: readonly CommandSpec[] = [
  {
    name: 'gates',
    group: 'Answer',
    summary: 'List what waits for a person',
    examples: ['clincher gates', 'clincher gates -s prod', 'clincher gates --json'],
    args: [],
    flags: [SERVER],
    load: async () => (await import('../commands/gates.js')).gates,
  },
  {
    name: 'page',
    group: 'Answer',
    summary: 'Make a link to the page of open gates, for a phone in the tailnet; it opens in one browser',
    examples: ['clincher page', 'clincher page telegram-token -s prod', 'clincher page --json'],
    args: [
      {
        name: 'gate',
        help: 'a link that shows and answers this one alone, for somebody else',
        isOptional: true,
        completes: 'gate',
      },
    ],
    flags: [SERVER, RUN_FLAG],
    load: async () => (await import('../commands/page.js')).page,
  },
  {
    name: 'answer',
    group: 'Answer',
    summary: 'Answer a gate; a secret is prompted for, or read from a file or stdin, never taken as a word',
    examples: [
      'clincher answer telegram-token -s prod',
      'clincher answer telegram-token -s prod --secret-file ./token',
      'clincher answer reboot-now -s prod yes',
    ],
    args: [
      { name: 'gate', help: 'as `clincher gates` lists them', completes: 'gate' },
      { name: 'value', help: 'yes, no, or one of the options; never a secret', isOptional: true },
    ],
    flags: [
      SERVER,
      RUN_FLAG,
      { flags: '--secret-file <file>', help: 'read the secret from a file; `-` is stdin', completes: 'file' },
      UPDATE_ID,
    ],
    load: async () => (await import('../commands/answer.js')).answer,
  },
  {
    name: 'signal',
    group: 'Answer',
    summary: 'Say that a manual step is done; works while no worker is up',
    examples: [
      'clincher signal prod-3f2a done',
      'clincher signal prod-3f2a done tailscale-up',
      'clincher signal @last done',
    ],
    args: [
      RUN,
      { name: 'signal', help: '`done`', choices: ['done'] },
      { name: 'gate', help: 'which one, when several are open', isOptional: true, completes: 'gate' },
    ],
    flags: [SERVER],
    load: async () => (await import('../commands/signal.js')).signal,
  },
  failedStep('retry'),
  failedStep('skip'),
  {
    name: 'abort',
    group: 'Answer',
    summary: 'End a run, or its waiting; what was begun is finished or rolled back first',
    examples: ['clincher abort prod-3f2a', 'clincher abort @last', 'clincher abort @last -s prod'],
    args: [RUN],
    flags: [SERVER, { flags: '--no-wait', help: 'do not wait until it has ended' }],
    load: async () => (await import('../commands/abort.js')).abort,
  },
];
