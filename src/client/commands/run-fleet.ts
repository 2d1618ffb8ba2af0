// `clincher run` on several servers: one durable run begins theirs, the first alone, and this looks on.
import type { RunInput } from '../../model.js';
import type { Runbook } from '../../workflows/catalog.js';
import type { RunSummary } from '../control.js';
import type { Deps, Session } from '../deps.js';
import { exitOfFollowed, exitOfState, worst } from '../exit.js';
import { followFleet } from '../fleet.js';
import { goesOn, hints } from '../hints.js';
import { timeoutMs } from '../input.js';
import type { Io } from '../io.js';
import type { GlobalOptions } from '../options.js';
import { recordRun } from '../recent.js';
import { printResults } from '../results.js';
import { patienceSeconds, type WaitOptions } from './run-wait.js';
import { type Chosen, settleWishes } from './run-wish.js';

export interface FleetCommandOptions extends GlobalOptions, WaitOptions {
  wave?: number;
  maxFailures?: number;
  timeout?: string;
  report?: string;
}

export async function startFleet(
  io: Io,
  { control }: Session,
  book: Runbook,
  inputs: RunInput[],
  options: FleetCommandOptions,
): Promise<RunSummary> {
  const { wave, maxFailures = 0 } = options;
  const started = await control.startFleet({
    ...{ runbook: book.name, who: inputs[0]!.who, inputs, maxFailures },
    readOnly: !book.mutating || book.lockless === true,
    patienceSeconds: patienceSeconds(options, book) ?? 0,
    ...(wave === undefined ? {} : { wave }),
  });
  recordRun(io.env, started);
  return started;
}

export async function followedFleet(
  io: Io,
  deps: Deps,
  session: Session,
  fleet: RunSummary,
  chosen: Chosen,
  options: FleetCommandOptions,
): Promise<number> {
  const { servers } = chosen;
  if (!options.quiet)
    io.err(`run ${fleet.run}: ${fleet.runbook} on ${servers.length} servers, ${servers[0]!.name} first\n`);
  const seen = await followFleet(io, deps, session, fleet, {
    ...options,
    timeoutMs: timeoutMs(options.timeout),
  });
  const states = seen.results.map(({ state }) => state);
  const spared = servers.filter(({ name }) => seen.spared.includes(name));
  await settleWishes(io, session.control, chosen, states, spared);
  printResults(io, deps, states, options);
  if (options.report !== undefined) {
    const { writeAll } = await import('./verify.js');
    await writeAll(io, options.report, servers, states);
  }
  for (const result of seen.results) for (const line of hints(result, deps.now())) io.err(`${line}\n`);
  if (seen.ended === undefined) io.err(`${goesOn(fleet.run)}\n`);
  if (spared.length > 0) io.err(`${whySpared(seen.ended?.status)}: ${seen.spared.join(', ')}\n`);
  return worst([...seen.results.map(exitOfFollowed), ...exitOfFleet(seen)]);
}

const whySpared = (status: string | undefined): string =>
  status === 'aborted' ? 'not begun, since it was aborted' : 'not begun, because of the failure above';

function exitOfFleet({ ended, isInterrupted }: Awaited<ReturnType<typeof followFleet>>): number[] {
  if (isInterrupted) return [130];
  if (ended === undefined) return [8];
  return ended.status === 'aborted' ? [exitOfState(ended)] : [];
}
