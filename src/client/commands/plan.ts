// `clincher plan [runbook]`: what would change, with diffs. Changes nothing.
import type { Config } from '../../config/load.js';
import { ClincherError } from '../../errors.js';
import type { RunState, Server } from '../../model.js';
import { sideBySide } from '../../side-by-side.js';
import { findRunbook, namesImages, type Runbook } from '../../workflows/catalog.js';
import type { Command } from '../deps.js';
import { exitOfState, worst } from '../exit.js';
import { checkSteps, type RunOptions, timeoutMs } from '../input.js';
import type { Io } from '../io.js';
import { look } from '../look.js';
import { isJson } from '../options.js';
import { page } from '../page.js';
import { printDocument } from '../results.js';
import { configOf, type ServerOptions, serversToRead } from '../servers.js';
import { errorView } from '../view/error.js';
import { event, planCounts, planDocument, print } from '../view/json.js';
import { planView } from '../view/plan.js';
import { answering } from '../view/style.js';
import { mustFind } from './run.js';

export interface PlanCommandOptions extends RunOptions, ServerOptions {
  runbook?: string | undefined;
  diff?: boolean;
  exitCode?: boolean;
  timeout?: string;
}

export const plan: Command<PlanCommandOptions> = async (io, options, deps) => {
  const book = mustFind(options.runbook ?? 'provision');
  const isReport = book.name === 'drift-report';
  if (!book.mutating && !isReport)
    throw new ClincherError('USAGE', `${book.name} changes nothing, so there is nothing to plan.`);
  const config = configOf(io, options);
  const named = serversToRead(io, config, options);
  const within = timeoutMs(options.timeout);
  await checkSteps(options);
  const servers = await withDigests(io, config, book, named);
  const texts: string[] = [];
  const { control } = await deps.openSession(io, { config });
  try {
    const plans = await sideBySide(servers, (server) =>
      look(io, deps, control, server, {
        name: isReport ? 'drift-report' : 'plan',
        book,
        options,
        timeoutMs: within,
      }),
    );
    if (options.output === 'json')
      printDocument(
        io,
        plans.map((state) => planDocument(state, 'plan')),
      );
    for (const state of plans) {
      if (options.output === 'jsonl')
        io.out(print(event('plan', state, { plan: planDocument(state, 'plan') }, deps.now())));
      if (!isJson(options)) show(state);
    }
    await page(io, texts.join('\n'));
    return worst(plans.map((state) => exitOf(state, Boolean(options.exitCode))));
  } finally {
    await control.close();
  }

  function show(state: RunState): void {
    if (state.error) io.err(`${errorView(state.error, state, io).join('\n')}\n`);
    if (state.error || options.quiet) return;
    const only = options.only ? ` --only '${options.only}'` : '';
    const apply = `clincher run ${isReport ? 'drift' : book.name} -s ${state.server}${only}`;
    const lines = planView(state, answering(io), {
      diff: Boolean(options.diff ?? (book.lists || isReport)),
      verbose: options.verbose,
      apply,
    });
    texts.push(`${lines.join('\n')}\n`);
  }
};

/** The first plan comes before the first lock: a run would lock these images, so they are asked for as a run does. */
async function withDigests(io: Io, config: Config, book: Runbook, servers: Server[]): Promise<Server[]> {
  if (!namesImages(book)) return servers;
  return (await import('../../images/ensure-locked.js')).plannedDigests(io, config, servers);
}

function exitOf(state: RunState, wantsCode: boolean): number {
  if (state.status !== 'done') return exitOfState(state);
  return wantsCode && planCounts(state.surveys).drift > 0 ? 3 : 0;
}

export const defaultBook = () => findRunbook('provision')!;
