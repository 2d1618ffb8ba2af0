// `clincher run <runbook>`: plan, ask once, start, follow. The run itself is elsewhere; this only looks on.
import type { Config } from '../../config/load.js';
import { ClincherError } from '../../errors.js';
import type { Server } from '../../model.js';
import {
  CATALOG,
  checklistsOf,
  findRunbook,
  namesImages,
  type Runbook,
  runsServices,
} from '../../workflows/catalog.js';
import type { RunSummary, StartedRun, StartInput } from '../control.js';
import type { Command, Deps, Session } from '../deps.js';
import { exitOfFollowed } from '../exit.js';
import { goesOn, hints } from '../hints.js';
import { checkSteps, type RunOptions, runInput, timeoutMs } from '../input.js';
import type { Io } from '../io.js';
import { type GlobalOptions, isJson } from '../options.js';
import { markSettled, recordRun } from '../recent.js';
import { checkReportPath } from '../report-file.js';
import { printResults } from '../results.js';
import { configOf, envNote, type ServerOptions, serversToChange } from '../servers.js';
import { followFrom } from '../turn.js';
import { waitsOn } from '../waits.js';
import { agree, needsAgreement } from './run-agree.js';
import { checkControlPlane } from './run-control-plane.js';
import { checkFailover } from './run-failover.js';
import { followedFleet, startFleet } from './run-fleet.js';
import { checkPartition, plannedPartition } from './run-partition.js';
import { checkSecret, rotationOf } from './run-rotate.js';
import { asksModels, checkTrials, tellBounds } from './run-trial.js';
import { checkUpgrade } from './run-upgrade.js';
import { patienceSeconds, startOrWait, type WaitOptions } from './run-wait.js';
import { type Chosen, settleWishes, wanting, wishOf } from './run-wish.js';

export interface RunCommandOptions extends RunOptions, ServerOptions, WaitOptions {
  runbook: string;
  yes?: boolean;
  confirm?: string;
  dryRun?: boolean;
  detach?: boolean;
  report?: string;
  backup?: string;
  secret?: string;
  image?: string;
  anyway?: boolean;
  to?: string;
  add?: string;
  remove?: string;
  key?: string;
  replaces?: string;
  timeout?: string;
  wave?: number;
  maxFailures?: number;
}

type Options = RunCommandOptions & GlobalOptions;

export const run: Command<RunCommandOptions> = async (io, options, deps) => {
  const book = mustFind(options.runbook);
  if (
    !asksModels(book) &&
    !tellsMore(options) &&
    book.name !== 'partition' &&
    (options.dryRun || !isFollowed(book))
  )
    return lookInstead(io, options, deps, book);
  const read = configOf(io, options);
  const named = serversToChange(io, read, options);
  checkUpgrade(book, options, named);
  checkFailover(read, book, named);
  checkPartition(book, options, named);
  checkControlPlane(read, book, named);
  mustHaveGateways(book, named);
  checkBackupId(book, options);
  checkSecret(io, book, options, read, named);
  patienceSeconds(options, book);
  const wish = await wishOf(io, read, book, named, options);
  checkAnyway(book, options);
  timeoutMs(options.timeout);
  checkReport(options, book, named);
  await (asksModels(book) ? checkTrials(book, named, options) : checkSteps(options));
  if (options.dryRun && asksModels(book)) return tellBounds(io, book, named);
  if (!options.dryRun) needsAgreement(io, options, book, named);
  return wanting(io, read, named, wish, options.dryRun ?? false, (chosen) =>
    options.dryRun
      ? lookInstead(io, { ...options, ...plannedPartition(book, options, chosen.servers) }, deps, book)
      : begin(io, deps, book, chosen, options),
  );
};

const tellsMore = ({ to, key, replaces, add, remove }: Options): boolean =>
  [to, key, replaces, add, remove].some((each) => each !== undefined);

/** What only looks has a command of its own, mostly. */
const isFollowed = ({ mutating, followed }: Runbook): boolean => mutating || followed === true;

async function begin(io: Io, deps: Deps, book: Runbook, chosen: Chosen, options: Options): Promise<number> {
  const { config, servers } = await withImages(io, chosen.config, book, chosen.servers);
  const note = envNote(io, options);
  if (note) io.err(`${note}\n`);
  const session = await deps.openSession(io, { config });
  try {
    const planned = plannedPartition(book, options, servers);
    await agree(io, deps, session.control, planned.book, servers, { ...options, ...planned });
    return options.detach
      ? await detached(io, deps, session, book, { ...chosen, servers }, options)
      : await followed(io, deps, session, book, { ...chosen, servers }, options);
  } finally {
    await session.control.close();
  }
}

/** Images are pinned before anything is contacted: a tag that does not exist must not stop a run half way. */
async function withImages(io: Io, config: Config, book: Runbook, servers: Server[]) {
  if (!namesImages(book)) return { config, servers };
  return (await import('../../images/ensure-locked.js')).ensureLocked(io, config, servers);
}

function mustHaveGateways({ name, needsGateway }: Runbook, servers: readonly Server[]): void {
  const idle = needsGateway ? servers.find((server) => !runsServices(server)) : undefined;
  if (idle) throw new ClincherError('USAGE', `${idle.name} runs no gateway, which ${name} needs.`);
}

/** As the server names them: the moment at which one was begun. */
function checkBackupId({ name }: Runbook, { backup }: Options): void {
  if (backup === undefined) return;
  if (!['verify-backup', 'restore-drill', 'dr-drill', 'recover', 'failover'].includes(name))
    throw new ClincherError(
      'USAGE',
      `--backup is of verify-backup, restore-drill, dr-drill, recover and failover; ${name} reads none.`,
    );
  if (/^\d{8}T\d{6}Z$/.test(backup)) return;
  throw new ClincherError(
    'USAGE',
    `"${backup.slice(0, 40)}" is no backup: they are named 20261127T030000Z.`,
    {
      remedy: ['clincher backups ls'],
    },
  );
}

function checkAnyway({ name }: Runbook, { anyway }: Options): void {
  if (anyway && !['reboot', 'memory', 'failover'].includes(name))
    throw new ClincherError('USAGE', `--anyway is of reboot, memory and failover; ${name} needs no reason.`);
}

function checkReport({ report }: Options, book: Runbook, servers: readonly Server[]): void {
  if (report === undefined) return;
  if (!asksModels(book) && !['restore-drill', 'dr-drill'].includes(book.name))
    throw new ClincherError(
      'USAGE',
      `--report is of smoke, redteam, restore-drill and dr-drill; ${book.name} writes none.`,
      {
        remedy: ['clincher verify --report <path>'],
      },
    );
  checkReportPath(report, servers.length);
}

export function mustFind(name: string): Runbook {
  const found = findRunbook(name);
  if (found) return found;
  const names = CATALOG.map((book) => book.name).join(', ');
  throw new ClincherError('USAGE', `There is no runbook "${name}"; there are ${names}.`, {
    remedy: ['clincher runbooks'],
  });
}

async function lookInstead(io: Io, options: Options, deps: Deps, book: Runbook): Promise<number> {
  if (book.name === 'verify') return (await import('./verify.js')).verify(io, options, deps);
  const runbook = book.mutating || book.name === 'drift-report' ? book.name : undefined;
  return (await import('./plan.js')).plan(io, { ...options, runbook }, deps);
}

function inputOf(io: Io, book: Runbook, server: Server, options: Options & Pick<Chosen, 'more'>): StartInput {
  const { backup, image, anyway } = options;
  return {
    ...runInput(io, server, options),
    ...(backup === undefined ? {} : { backup }),
    ...rotationOf(server, options),
    ...options.more(server.name),
    ...(image === undefined ? {} : { image }),
    ...(anyway ? { anyway } : {}),
    ...(book.name === 'drift' ? { checklists: checklistsOf(book, server) } : {}),
  };
}

async function start(
  io: Io,
  deps: Deps,
  session: Session,
  book: Runbook,
  { servers, more, others, isWritten }: Chosen,
  options: Options,
): Promise<StartedRun & { server: string }> {
  const inputs = servers.map((server) => inputOf(io, book, server, { ...options, more }));
  if (servers.length > 1) return startFleet(io, session, book, inputs, options);
  const { run, workflowId, runId, waits } = await startOrWait(session.control, book, inputs[0]!, options);
  const startedAt = new Date(deps.now()).toISOString();
  const server = servers[0]!.name;
  const isUnsettled = others.length > 0 || (book.name === 'partition' && isWritten);
  recordRun(io.env, { run, workflowId, runId, server, runbook: book.name, startedAt, isUnsettled });
  return { run, workflowId, runId, waits, server };
}

async function detached(
  io: Io,
  deps: Deps,
  session: Session,
  book: Runbook,
  chosen: Chosen,
  options: Options,
) {
  const { server, ...run } = await start(io, deps, session, book, chosen, options);
  if (isJson(options)) {
    const { document, print } = await import('../view/json.js');
    const { workflowId, runId, waits } = run;
    io.out(print(document('started', { runs: [{ run: run.run, workflowId, runId, waits }] })));
  } else io.out(`${run.run}\n`);
  io.err(`${run.waits ? waitsOn({ ...run, server }, deps.now()) : goesOn(run.run)}\n`);
  return 8;
}

async function followed(
  io: Io,
  deps: Deps,
  session: Session,
  book: Runbook,
  chosen: Chosen,
  options: Options,
) {
  const { servers } = chosen;
  const run = await start(io, deps, session, book, chosen, options);
  if (servers.length > 1) return followedFleet(io, deps, session, run as RunSummary, chosen, options);
  const { canPrompt: answers } = io;
  const within = { ...options, answers, timeoutMs: timeoutMs(options.timeout) };
  const result = await followFrom(io, deps, session, run, within);
  await settleWishes(io, session.control, chosen, [result.state], []);
  if (result.state.endedAt !== undefined) markSettled(io.env, run.runId);
  printResults(io, deps, [result.state], options);
  if (options.report !== undefined) {
    const { writeAll } = await import('./verify.js');
    await writeAll(io, options.report, servers, [result.state]);
  }
  for (const line of hints(result, deps.now())) io.err(`${line}\n`);
  return exitOfFollowed(result);
}
