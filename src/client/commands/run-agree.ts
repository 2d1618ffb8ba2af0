// A person's consent to a change: the plan is shown and one question asked; severe acts want the server's name typed.
import { ClincherError, type ErrorCode } from '../../errors.js';
import type { RunError, RunState, Server } from '../../model.js';
import { sideBySide } from '../../side-by-side.js';
import type { Runbook } from '../../workflows/catalog.js';
import type { Control } from '../control.js';
import type { Deps } from '../deps.js';
import { exitOfState } from '../exit.js';
import type { RunOptions } from '../input.js';
import type { Io } from '../io.js';
import { look } from '../look.js';
import { isCode } from '../view/error.js';
import { planCounts } from '../view/json.js';
import { planView } from '../view/plan.js';
import { addWait, isBusy } from '../waits.js';
import { bounds } from './run-trial.js';
import { tellBusy, type WaitOptions } from './run-wait.js';

export interface AgreeOptions extends RunOptions, WaitOptions {
  yes?: boolean;
  confirm?: string;
  verbose?: boolean;
  diff?: boolean;
}

const SHOWN_STEPS = 12;

/** Known before anything is contacted: whether somebody can consent at all. */
export function needsAgreement(
  io: Io,
  options: AgreeOptions,
  book: Runbook,
  servers: readonly Server[],
): void {
  if (book.danger === 'severe') needsName(io, options, servers);
  if (book.danger !== 'ask' || options.yes || io.canPrompt) return;
  const what = book.mutating ? 'A change needs a yes' : 'It costs money, so it needs a yes';
  const look = book.mutating ? 'clincher plan' : `clincher run ${book.name} --dry-run`;
  throw new ClincherError('USAGE', `${what}, and nobody is at the terminal.`, {
    remedy: ['add --yes', `look first: ${look}`],
  });
}

function needsName(io: Io, options: AgreeOptions, servers: readonly Server[]): void {
  const names = servers.map((server) => server.name).join(',');
  if (options.confirm === names || (options.confirm === undefined && io.canPrompt)) return;
  throw new ClincherError(
    'USAGE',
    `This cannot be taken back: it wants --confirm ${names}; --yes is not enough.`,
  );
}

export async function agree(
  io: Io,
  deps: Deps,
  control: Control,
  book: Runbook,
  servers: readonly Server[],
  options: AgreeOptions,
): Promise<void> {
  if (book.danger === 'severe') return typeName(io, deps, options, servers);
  if (book.danger === 'none') return;
  if (!book.mutating) return agreeToCost(io, deps, book, servers, options);
  if (options.yes) return;
  if (options.wait) await tellBusy(io, control, book, servers, deps.now());
  else await mustBeFree(control, servers, addWait);
  const plans = await sideBySide(servers, (server) =>
    look(io, deps, control, server, { name: 'plan', book, options }),
  );
  for (const plan of plans) show(io, plan, { ...options, diff: Boolean(options.diff ?? book.lists) });
  if (book.besides !== undefined) io.err(`${book.besides}\n`);
  const names = servers.map((server) => server.name).join(', ');
  if (!(await deps.ask.confirm(io, question(book, plans, names))))
    throw new ClincherError('DECLINED', 'Declined; nothing was changed.');
}

/** Told with --yes as well: whoever looks at the log of a job shall see what it may have cost. */
async function agreeToCost(
  io: Io,
  deps: Deps,
  book: Runbook,
  servers: readonly Server[],
  options: AgreeOptions,
): Promise<void> {
  for (const line of await bounds(book, servers)) io.err(`${line}\n`);
  if (options.yes || (await deps.ask.confirm(io, 'It costs what your providers charge for that. Ask them')))
    return;
  throw new ClincherError('DECLINED', 'Declined; nothing was asked.');
}

/** Where nothing is to change, there may still be something to do. */
function question(book: Runbook, plans: readonly RunState[], names: string): string {
  if (book.besides !== undefined) return `Run ${book.name} on ${names}?`;
  const isDone = plans.every((plan) => planCounts(plan.surveys).drift === 0);
  return `${isDone ? 'Apply it all the same' : 'Apply'} to ${names}?`;
}

function show(io: Io, plan: RunState, options: AgreeOptions): void {
  if (exitOfState(plan) !== 0 && plan.error)
    throw new ClincherError(codeOf(plan.error), plan.error.message, {
      evidence: plan.error.evidence ?? [],
      remedy: plan.error.remedy ?? [`clincher doctor -s ${plan.server}`],
    });
  const verbose = Boolean(options.verbose);
  const lines = planView(plan, io, {
    diff: Boolean(options.diff),
    verbose,
    limit: verbose ? undefined : SHOWN_STEPS,
  });
  io.err(`${lines.join('\n')}\n\n`);
}

const codeOf = ({ code }: RunError): ErrorCode => (isCode(code) ? code : 'PREFLIGHT_FAILED');

/** Nobody should read a plan, say yes, and only then hear that somebody else is at work. */
export async function mustBeFree(
  control: Control,
  servers: readonly Server[],
  orElse?: (server: string) => string,
): Promise<void> {
  for (const { name } of servers) {
    const holder = await control.holder(name);
    if (holder)
      throw new ClincherError('LOCKED', isBusy(holder), {
        remedy: [
          `clincher follow ${holder.run}`,
          `clincher lock status -s ${name}`,
          ...(orElse ? [orElse(name)] : []),
        ],
      });
  }
}

async function typeName(
  io: Io,
  deps: Deps,
  options: AgreeOptions,
  servers: readonly Server[],
): Promise<void> {
  const names = servers.map((server) => server.name).join(',');
  if (options.confirm === names) return;
  const typed = await deps.ask.text(io, `Type ${names} to go on:`);
  if (typed?.trim() !== names) throw new ClincherError('DECLINED', 'Declined; nothing was changed.');
}
