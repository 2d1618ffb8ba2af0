// Commands that work on servers: run, plan, verify.
import { CONFIRM, DIFF, FROM, NO_DIFF, ONLY, SERVER, TIMEOUT, YES } from './flags.js';
import type { Argument, CommandSpec } from './spec.js';

const RUNBOOK: Argument = {
  name: 'runbook',
  help: 'as `clincher runbooks` lists them',
  completes: 'runbook',
};

export const OPERATE: readonly CommandSpec[] = [
  {
    name: 'run',
    group: 'Operate',
    summary: 'Start a runbook: show the plan, ask, follow the run',
    examples: [
      'clincher run provision -s prod',
      'clincher run backup -s prod --yes --wait --json',
      "clincher run harden -s prod --only 'harden.fire*' --on-failure abort",
    ],
    args: [RUNBOOK],
    flags: [
      SERVER,
      { flags: '-n, --dry-run', help: 'the same as `clincher plan`' },
      YES,
      CONFIRM,
      ONLY,
      FROM,
      {
        flags: '--on-failure <what>',
        help: 'what a failed step does (default: ask at a terminal, else abort)',
        choices: ['ask', 'abort', 'skip'],
      },
      { flags: '--detach', help: 'start it and leave; exit 8' },
      {
        flags: '--wait [time]',
        help: 'where another run is at work, wait its turn for so long (default: 2h) instead of exit 7; also when you leave',
      },
      TIMEOUT,
      {
        flags: '--report <path>',
        help: 'of smoke, redteam, restore-drill and dr-drill: also write a page, as `verify` does',
      },
      { flags: '--to <version>', help: 'of upgrade: the new version; it is written into clincher.yaml' },
      { flags: '--image <name>', help: 'of upgrade: which one of stack.images (default: openclaw)' },
      {
        flags: '--add <name>',
        help: 'of partition: a gateway of this name; it is written into clincher.yaml',
      },
      {
        flags: '--remove <name>',
        help: 'of partition: the one that goes, after a backup; it is taken out of clincher.yaml',
      },
      { flags: '--secret <name>', help: 'of rotate-key: which one, as `clincher secrets ls` names it' },
      {
        flags: '--key <file>',
        help: 'of rotate-ssh: the new private key, its .pub beside it; or the .pub of one in the SSH agent',
        completes: 'file',
      },
      {
        flags: '--replaces <file>',
        help: 'of rotate-ssh: the .pub of the key that goes (default: the one of ssh.identity_file)',
        completes: 'file',
      },
      { flags: '--anyway', help: 'of reboot, memory and failover: also where nothing asks for it' },
      {
        flags: '--backup <id>',
        help: 'of verify-backup, restore-drill, dr-drill, recover and failover: this one instead of the newest',
      },
      DIFF,
      NO_DIFF,
      {
        flags: '--wave <n>',
        help: 'servers at a time after the first one was healthy',
        isNumber: { min: 1 },
      },
      {
        flags: '--max-failures <n>',
        help: 'so many servers may fail before the rest is spared',
        isNumber: { min: 0 },
      },
      {
        flags: '--replace-edited',
        help: 'replace files that were edited by hand, instead of asking',
      },
      {
        flags: '--take-over <reason>',
        help: 'take a server over that another control plane marked as its own',
      },
    ],
    load: async () => (await import('../commands/run.js')).run,
  },
  {
    name: 'plan',
    group: 'Operate',
    summary: 'Show what a runbook would change; changes nothing',
    examples: [
      'clincher plan -s prod',
      "clincher plan -s prod --only 'harden.*' --diff",
      'clincher plan provision -s prod --exit-code -q',
    ],
    args: [{ ...RUNBOOK, isOptional: true }],
    flags: [
      SERVER,
      ONLY,
      FROM,
      DIFF,
      NO_DIFF,
      { flags: '--exit-code', help: 'exit 3 when something would change' },
      TIMEOUT,
    ],
    load: async () => (await import('../commands/plan.js')).plan,
  },
  {
    name: 'verify',
    group: 'Operate',
    summary: 'Prove that nothing differs and that all parts do their work; drift or a failed check is exit 3',
    examples: [
      'clincher verify -s prod',
      'clincher verify -s all --json',
      'clincher verify -s prod --vantage monitor --report audit.html',
    ],
    args: [],
    flags: [
      SERVER,
      ONLY,
      FROM,
      {
        flags: '--vantage <server>',
        help: 'who looks in from outside (default: a monitor or standby, else this machine)',
        completes: 'server',
      },
      { flags: '--report <path>', help: 'also write a page: FILE.html, FILE.md, or both into a folder' },
      DIFF,
      NO_DIFF,
      TIMEOUT,
    ],
    load: async () => (await import('../commands/verify.js')).verify,
  },
];
