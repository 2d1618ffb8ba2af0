// Commands that only look: at runs, servers, steps, the documentation.
import { LIMIT, RUN, SERVER, TIMEOUT } from './flags.js';
import type { CommandSpec } from './spec.js';

export const LOOK: readonly CommandSpec[] = [
  {
    name: 'status',
    group: 'Look',
    summary:
      'Servers with their health, drift, last run, newest backup and what is due; what needs you comes last',
    examples: ['clincher status', 'clincher status --watch', 'clincher status -s prod --json'],
    args: [],
    flags: [SERVER, { flags: '-w, --watch', help: 'look again every two seconds' }],
    load: async () => (await import('../commands/status.js')).status,
  },
  {
    name: 'runs',
    group: 'Look',
    summary: 'List runs, newest first',
    examples: ['clincher runs', 'clincher runs -s prod --limit 5', 'clincher runs --open --json'],
    args: [],
    flags: [SERVER, { flags: '--open', help: 'only those that have not ended' }, LIMIT],
    load: async () => (await import('../commands/runs.js')).runs,
  },
  {
    name: 'show',
    group: 'Look',
    summary: 'Show a run as it is now',
    examples: [
      'clincher show prod-3f2a',
      'clincher show @last --json',
      'clincher show prod-3f2a --report drill.html',
    ],
    args: [RUN],
    flags: [
      SERVER,
      { flags: '--counts', help: 'also events and activities of its history' },
      {
        flags: '--report <path>',
        help: 'also write a page of what it proved, as `verify` does',
        completes: 'file',
      },
    ],
    load: async () => (await import('../commands/show.js')).show,
  },
  {
    name: 'follow',
    group: 'Look',
    summary: 'Watch a run to its end and answer its gates',
    examples: [
      'clincher follow prod-3f2a',
      'clincher follow @last',
      'clincher follow @last --timeout 10m --jsonl',
    ],
    args: [RUN],
    flags: [SERVER, TIMEOUT],
    load: async () => (await import('../commands/follow.js')).followRun,
  },
  {
    name: 'logs',
    group: 'Look',
    summary: "Print what a run's commands said, or what the services of a server say",
    examples: [
      'clincher logs @last -f',
      'clincher logs prod-3f2a --step base.docker',
      'clincher logs prod openclaw --since 10m --follow',
    ],
    args: [
      {
        name: 'what',
        help: 'a run id such as prod-3f2a, @last, or a server (whose name wins)',
        completes: 'run-or-server',
      },
      { name: 'service', help: 'of a server: only this one, such as openclaw or litellm', isOptional: true },
    ],
    flags: [
      SERVER,
      { flags: '--step <id>', help: 'of a run: only this step', completes: 'step' },
      {
        flags: '--tail <n>',
        help: 'of a server: the last n lines of each (default: 100)',
        isNumber: { min: 0 },
      },
      { flags: '--since <time>', help: 'of a server: from 10m or 2h ago on' },
      { flags: '--partition <name>', help: 'of a server: of this partition’s gateway' },
      { flags: '-f, --follow', help: 'go on as it does' },
    ],
    load: async () => (await import('../commands/logs.js')).logs,
  },
  {
    name: 'steps',
    group: 'Look',
    summary: 'List the steps, and why each is there',
    examples: ['clincher steps', 'clincher steps -s prod', 'clincher steps --json'],
    args: [],
    flags: [SERVER],
    load: async () => (await import('../commands/steps.js')).steps,
  },
  {
    name: 'render',
    group: 'Look',
    summary:
      'Write every file of a server into a folder, and have each checked by its own tool; needs no server',
    examples: [
      'clincher render -s prod',
      'clincher render -s prod --out /tmp/prod --json',
      'clincher render -s all --out audit --os ubuntu24',
    ],
    args: [],
    flags: [
      SERVER,
      { flags: '--out <folder>', help: 'where the files go (default: rendered/<server>)', completes: 'file' },
      {
        flags: '--os <system>',
        help: 'the system that the server has (default: debian13)',
        choices: ['debian13', 'debian12', 'ubuntu24', 'ubuntu22'],
      },
      { flags: '--force', help: 'also into a folder that clincher did not fill' },
    ],
    load: async () => (await import('../commands/render.js')).render,
  },
  {
    name: 'runbooks',
    group: 'Look',
    summary: 'List the runbooks',
    examples: ['clincher runbooks', 'clincher runbooks --json', 'clincher run provision -s prod'],
    args: [],
    flags: [],
    load: async () => (await import('../commands/runbooks.js')).runbooks,
  },
  {
    name: 'docs',
    group: 'Look',
    summary: 'Explain a step, a check, a key of the configuration, or an error code',
    examples: ['clincher docs base.sshd', 'clincher docs verify.budget', 'clincher docs HOST_KEY_MISMATCH'],
    args: [{ name: 'about', help: 'a step, a check, a key or a code', isOptional: true, completes: 'topic' }],
    flags: [{ flags: '--schema', help: 'JSON Schema of every document that --json prints' }],
    load: async () => (await import('../commands/docs.js')).docs,
  },
];
