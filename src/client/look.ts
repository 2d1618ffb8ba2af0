// Starts a read-only runbook on a server and waits for what it finds.
import { ClincherError } from '../errors.js';
import type { RunState, Server } from '../model.js';
import { checklistsOf, type Runbook } from '../workflows/catalog.js';
import type { Control, StartInput } from './control.js';
import type { Deps } from './deps.js';
import { follow } from './follow.js';
import { type RunOptions, runInput } from './input.js';
import { Interrupted } from './interrupted.js';
import type { Io } from './io.js';
import type { Screen } from './screen/screen.js';
import { isCode } from './view/error.js';

export interface Look {
  name:
    | 'plan'
    | 'drift-report'
    | 'verify'
    | 'doctor'
    | 'discover'
    | 'pairing-requests'
    | 'backup-list'
    | 'offsite-list'
    | 'alerts-test'
    | 'audit-log'
    | 'audit-sign';
  /** Whose checklists are read. */
  book?: Runbook | undefined;
  options: RunOptions;
  /** Checks besides steps, and who looks in from outside. */
  prove?: { outside?: Server | undefined } | undefined;
  /** What an audit export asks. */
  audit?: Pick<StartInput, 'question' | 'sign'> | undefined;
  timeoutMs?: number | undefined;
}

const WAITING_MS = 2_000;

export async function look(
  io: Io,
  deps: Deps,
  control: Control,
  server: Server,
  what: Look,
): Promise<RunState> {
  const checklists = what.book ? { checklists: checklistsOf(what.book, server) } : {};
  const prove = what.prove ? { prove: what.prove } : {};
  const only = what.book?.only === undefined ? {} : { only: what.book.only };
  const options = { ...what.options, ...only };
  const { partition } = what.options;
  const named = partition === undefined ? {} : { partition };
  const input = { ...runInput(io, server, options), ...checklists, ...named, ...prove, ...what.audit };
  const run = await control.start(what.name, input, { readOnly: true });
  const { state, left } = await follow(io, deps, control, run, patience(io, server.name, deps), {
    answers: false,
    timeoutMs: what.timeoutMs,
  });
  if (left === 'detached') throw new Interrupted();
  if (left)
    throw new ClincherError('PENDING', `${server.name}: ${run.run} goes on.`, {
      remedy: [`clincher show ${run.run}`],
    });
  return state;
}

/** Silent, unless reading takes so long that one wonders. */
function patience(io: Io, server: string, deps: Deps): Screen {
  const began = deps.now();
  let told = false;
  return {
    wantsTails: false,
    update: () => {
      if (told || deps.now() - began < WAITING_MS) return;
      told = true;
      io.err(`reading ${server} …\n`);
    },
    note: (text) => io.err(`${server}: ${text}\n`),
    pause: () => {},
    end: () => {},
  };
}

/** Why a look found nothing, as the error of the command that looked. */
export function lookFailed({ error }: RunState, otherwise: string): ClincherError {
  const { code = '', message = otherwise, evidence = [], remedy } = error ?? {};
  return new ClincherError(isCode(code) ? code : 'FACT_UNKNOWN', message, {
    evidence,
    ...(remedy ? { remedy } : {}),
  });
}
