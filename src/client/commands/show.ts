// `clincher show <run>`: a run as it is now, or as it ended.
import { ClincherError } from '../../errors.js';
import type { RunState } from '../../model.js';
import type { Control } from '../control.js';
import type { Command } from '../deps.js';
import type { Io } from '../io.js';
import { isJson } from '../options.js';
import { whyEnded } from '../results.js';
import { findRun } from '../runs.js';
import type { ServerOptions } from '../servers.js';
import { tryConfig } from '../try-config.js';
import { answeredRows } from '../view/gate.js';
import { print, runDocument } from '../view/json.js';
import { planView } from '../view/plan.js';
import { recap } from '../view/recap.js';
import { answering } from '../view/style.js';
import { header, tree } from '../view/tree.js';
import { giveUp, whoWaits } from '../waits.js';

export interface ShowOptions extends ServerOptions {
  run: string;
  counts?: boolean;
  report?: string;
}

const RESULT_MS = 6_000;

export const show: Command<ShowOptions> = async (io, options, deps) => {
  const session = await deps.openSession(io, { config: tryConfig(io, options) });
  const { control } = session;
  try {
    const found = await findRun(io, control, options.run, options);
    const state = await stateOf(control, found.run, found.endedAt !== undefined);
    if (options.report !== undefined) await writePage(io, options.report, control, state);
    const counts = options.counts ? await control.history(found.run) : undefined;
    if (isJson(options)) {
      io.out(print({ ...runDocument(state), ...(counts ? { history: counts } : {}) }));
      return 0;
    }
    const now = deps.now();
    const tails = state.status === 'running' ? await control.tail(found.run).catch(() => []) : [];
    const webUrl = session.webUrl(found);
    const view = answering(io);
    const answered = answeredRows(state.answered ?? [], now);
    const lines = [
      header(state, view)[0]!,
      ...(webUrl ? [`Web: ${webUrl}`] : []),
      ...(found.waits && !found.endedAt
        ? [`waits its turn: ${whoWaits(found, now)}   ${giveUp(found)}`]
        : []),
      '',
      ...(state.surveys.length > 0
        ? planView(state, view, { diff: false, verbose: options.verbose })
        : tree(state, view, { now, tails })),
      ...(answered.length > 0 ? ['', ...answered] : []),
      ...whyEnded(state, view),
      '',
      ...recap([state], view, now),
      ...(counts ? [`history: ${counts.events} events, ${counts.activities} activities`] : []),
    ];
    io.out(`${lines.join('\n')}\n`);
    return 0;
  } finally {
    await control.close();
  }
};

/** Also of a run that nobody watched, as those are that a schedule starts. */
async function writePage(io: Io, path: string, control: Control, state: RunState): Promise<void> {
  if (state.endedAt === undefined || (state.proof === undefined && state.surveys.length === 0))
    throw new ClincherError(
      'USAGE',
      `${state.run} (${state.runbook}) has proved nothing, so there is no page of it.`,
      {
        remedy: ['clincher runs', `clincher verify -s ${state.server} --report ${path}`],
      },
    );
  const { server } = await control.input(state.run);
  const { writeAll } = await import('./verify.js');
  await writeAll(io, path, [server], [state]);
}

async function stateOf(control: Control, run: string, hasEnded: boolean): Promise<RunState> {
  const state = hasEnded ? await control.ended(run, RESULT_MS) : await control.state(run);
  if (state) return state;
  throw new ClincherError('TEMPORAL_UNREACHABLE', `Temporal did not say how ${run} ended.`);
}
