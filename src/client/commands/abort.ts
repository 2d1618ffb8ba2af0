// `clincher abort <run>`: ends a run in good order, or its waiting. At a failed step this is an answer; elsewhere it is a cancellation.
import { ClincherError } from '../../errors.js';
import { send } from '../answers.js';
import type { Control, RunSummary } from '../control.js';
import type { Command } from '../deps.js';
import type { Io } from '../io.js';
import { isJson } from '../options.js';
import { findRun } from '../runs.js';
import type { ServerOptions } from '../servers.js';
import { tryConfig } from '../try-config.js';
import { document, print, runDocument } from '../view/json.js';
import { recap } from '../view/recap.js';
import { answering } from '../view/style.js';

export interface AbortOptions extends ServerOptions {
  run: string;
  /** `--no-wait` makes it false. */
  wait?: boolean;
}

const END_WITHIN_MS = 60_000;

export const abort: Command<AbortOptions> = async (io, options, deps) => {
  const { control } = await deps.openSession(io, { config: tryConfig(io, options) });
  try {
    const found = await findRun(io, control, options.run, options);
    const { run } = found;
    await ask(io, control, run);
    if (!isJson(options)) io.err(`${asked(found)}\n`);
    const ended = options.wait === false ? undefined : await control.ended(run, END_WITHIN_MS);
    if (isJson(options)) io.out(print(ended ? runDocument(ended) : document('abort', { run, ended: false })));
    else if (ended && found.waits && ended.run === run) io.out(`${neverBegun(found)}\n`);
    else if (ended) io.out(`${recap([ended], answering(io), deps.now()).join('\n')}\n`);
    else io.out(`${run} is ending\n`);
    return ended || options.wait === false ? 0 : 8;
  } finally {
    await control.close();
  }
};

const asked = ({ run, server, waits }: RunSummary): string =>
  waits
    ? `asked ${run} to wait for ${server} no longer`
    : `asked ${run} to end; what was begun is finished or rolled back first`;

const neverBegun = ({ run, server, runbook }: RunSummary): string =>
  `${run} waits no longer: ${runbook} was not begun on ${server}`;

async function ask(io: Io, control: Control, run: string): Promise<void> {
  const state = await control.state(run).catch((error: unknown) => {
    // Temporal keeps the request; it need not wait for a worker.
    if (error instanceof ClincherError && error.code === 'WORKER_NOT_RUNNING') return undefined;
    throw error;
  });
  if (state && state.status !== 'running' && state.status !== 'waiting')
    throw new ClincherError('RUN_NOT_FOUND', `Run ${run} has ended already (${state.status}).`, {
      remedy: [`clincher show ${run}`],
    });
  const gate = state?.gates.find((one) => one.kind === 'failed');
  if (state && gate) await send(io, { control, state, gate }, { value: 'abort' });
  else await control.cancel(run);
}
