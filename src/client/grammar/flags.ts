// Flags that several commands share, each written once.
import type { Argument, Flag } from './spec.js';

export const SERVER: Flag = {
  flags: '-s, --server <name>',
  help: 'the server; may be repeated; `all` means every one',
  repeats: true,
  completes: 'server',
};
export const ONLY: Flag = {
  flags: '--only <glob>',
  help: "only these steps, e.g. 'harden.*'",
  completes: 'step',
};
export const FROM: Flag = {
  flags: '--from <step>',
  help: 'skip what comes before this step',
  completes: 'step',
};
export const DIFF: Flag = { flags: '--diff', help: 'show what differs, line by line' };
export const NO_DIFF: Flag = { flags: '--no-diff', help: 'one line a step' };
export const YES: Flag = { flags: '-y, --yes', help: 'apply without asking' };
export const CONFIRM: Flag = {
  flags: '--confirm <name>',
  help: "consent of a script to what cannot be taken back: the server's name",
};
/** Of a server that no clincher.yaml knows yet. */
export const NEW_SERVER: readonly Flag[] = [
  {
    flags: '--set <key=value>',
    help: 'a key of the server, e.g. ssh.port=22; may be repeated',
    repeats: true,
  },
  { flags: '--key <file>', help: 'the public key that may log in', completes: 'file' },
  {
    flags: '--host-key <fingerprint>',
    help: "the server's key, SHA256:…; may be repeated",
    repeats: true,
  },
  { flags: '--accept-host-key', help: 'pin whatever key the server shows, unseen by anybody' },
];
export const TIMEOUT: Flag = {
  flags: '--timeout <time>',
  help: 'stop looking after 90s, 10m or 2h; the run goes on',
};
export const UPDATE_ID: Flag = {
  flags: '--update-id <id>',
  help: 'the id of an answer that had no reply: sent again it counts once',
};
export const RUN_FLAG: Flag = {
  flags: '--run <run>',
  help: 'the run, when several wait at a gate of this name',
};
export const LIMIT: Flag = { flags: '--limit <n>', help: 'at most so many', isNumber: { min: 1 } };

export const RUN: Argument = { name: 'run', help: 'a run id such as prod-3f2a, or @last', completes: 'run' };

/** Understood by every command; told by `help output` and `help connection`, not by each. */
export const GLOBAL: readonly Flag[] = [
  { flags: '-o, --output <format>', help: 'how to answer', choices: ['text', 'json', 'jsonl'] },
  { flags: '--json', help: 'one JSON document on stdout; the same as -o json' },
  { flags: '--jsonl', help: 'one JSON object a line, as things happen' },
  { flags: '--progress <how>', help: 'how a run is shown', choices: ['auto', 'tree', 'plain', 'none'] },
  { flags: '--color <when>', help: 'colour', choices: ['auto', 'always', 'never'] },
  { flags: '--no-input', help: 'never ask anything' },
  { flags: '-q, --quiet', help: 'no progress, only the answer' },
  { flags: '-v, --verbose', help: 'everything, what is right already too' },
  { flags: '--debug', help: 'stack traces of errors' },
  {
    flags: '--config <file>',
    help: 'the configuration (else CLINCHER_CONFIG, else clincher.yaml here or above)',
    completes: 'file',
  },
];
