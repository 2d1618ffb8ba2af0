// Commands from this machine straight to a server: a shell, a command, files, what it says, what it uses, its dashboard.
import { SERVER } from './flags.js';
import type { Argument, CommandSpec, Flag } from './spec.js';

const THERE: Argument = { name: 'server', help: 'a server of clincher.yaml', completes: 'server' };
const ONLY_ONE: Argument = { ...THERE, help: 'the server; the only one need not be named', isOptional: true };
const PARTITION: Flag = { flags: '--partition <name>', help: 'of this partition’s gateway' };
const SUDO: Flag = { flags: '--sudo', help: 'as root' };

export const REACH: readonly CommandSpec[] = [
  {
    name: 'ssh',
    group: 'Reach',
    summary:
      'Open a shell on a server: keys and pinned host keys as clincher.yaml has them; the server notes it',
    examples: ['clincher ssh prod', 'clincher ssh', 'clincher exec prod -- uptime'],
    args: [ONLY_ONE],
    flags: [],
    load: async () => (await import('../commands/ssh.js')).ssh,
  },
  {
    name: 'exec',
    group: 'Reach',
    summary:
      'Run one command on a server or in a container of its stack, and end with its exit status; the server notes it',
    examples: [
      'clincher exec prod -- uptime',
      'clincher exec prod --sudo -- journalctl -u docker -n 50 --no-pager',
      'clincher exec prod --in openclaw --tty -- node openclaw.mjs status',
    ],
    args: [
      THERE,
      { name: 'command', help: 'words after --, as they are: no shell reads them', isVariadic: true },
    ],
    flags: [
      { flags: '--in <service>', help: 'in the container of this service, such as openclaw or litellm' },
      PARTITION,
      SUDO,
      { flags: '--stdin', help: 'it reads the input of this command' },
      { flags: '--tty', help: 'it gets a terminal' },
    ],
    load: async () => (await import('../commands/exec.js')).exec,
  },
  {
    name: 'cp',
    group: 'Reach',
    summary: 'Copy a file or folder from a server or to it, whole or not at all; the server notes it',
    examples: [
      'clincher cp prod:/opt/openclaw/docker-compose.yml .',
      'clincher cp ./notes.md prod:/tmp/',
      'clincher cp --sudo prod:/var/log/clincher/audit.log ./audit.log',
    ],
    args: [
      { name: 'from', help: '<server>:<path>, or a path here' },
      { name: 'to', help: 'a path here, or <server>:<path>' },
    ],
    flags: [SUDO],
    load: async () => (await import('../commands/cp.js')).cp,
  },
  {
    name: 'top',
    group: 'Reach',
    summary: 'What a server and its containers use now: load, memory, disks, and who uses what',
    examples: ['clincher top prod', 'clincher top prod --once', 'clincher top prod --json'],
    args: [ONLY_ONE],
    flags: [{ flags: '--once', help: 'look once, also at a terminal' }],
    load: async () => (await import('../commands/top.js')).top,
  },
  {
    name: 'open',
    group: 'Reach',
    summary:
      'Bring the gateway’s dashboard to this machine’s loopback over SSH, until Ctrl-C; nothing is published',
    examples: [
      'clincher open prod',
      'clincher open prod --port 18790',
      'clincher open prod --partition team',
    ],
    args: [ONLY_ONE],
    flags: [
      PARTITION,
      { flags: '--port <n>', help: 'here (default: 18789); browsers are known by it', isNumber: { min: 1 } },
    ],
    load: async () => (await import('../commands/open.js')).open,
  },
  {
    name: 'usage',
    group: 'Look',
    summary: 'What models have cost by model and day, as LiteLLM counted it',
    examples: [
      'clincher usage',
      'clincher usage -s all --days 30',
      'clincher usage -s prod --html usage.html',
    ],
    args: [],
    flags: [
      SERVER,
      { flags: '--days <n>', help: 'how far back, today included (default: 14)', isNumber: { min: 1 } },
      PARTITION,
      { flags: '--html <file>', help: 'also as a page with a chart', completes: 'file' },
    ],
    load: async () => (await import('../commands/usage.js')).usage,
  },
  {
    name: 'mcp',
    group: 'Look',
    summary:
      'Serve the commands that only look to an editor or assistant, by the Model Context Protocol on stdio',
    examples: [
      'clincher mcp',
      'clincher mcp --print-config > .vscode/mcp.json',
      'clincher mcp --config ./clincher.yaml',
    ],
    args: [],
    flags: [
      { flags: '--print-config', help: 'print what VS Code’s .vscode/mcp.json says to start it' },
      {
        flags: '--gateways',
        help: 'with --print-config: the gateways’ own servers too; they can write to people and answer requests for permission',
      },
    ],
    load: async () => (await import('../commands/mcp.js')).mcp,
  },
];
