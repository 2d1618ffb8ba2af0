// `clincher verify`: proves that nothing would change and that the parts do their work. Drift, a failed check, or something that cannot be read, is a failure.
import type { RunState, Server } from '../../model.js';
import { sideBySide } from '../../side-by-side.js';
import type { Command } from '../deps.js';
import { exitOfState, worst } from '../exit.js';
import { matchesGlob } from '../glob.js';
import { checkSteps, type RunOptions, timeoutMs } from '../input.js';
import type { Io } from '../io.js';
import { look } from '../look.js';
import { type GlobalOptions, isJson } from '../options.js';
import { checkReportPath, writeReports } from '../report-file.js';
import { printDocument } from '../results.js';
import { configOf, type ServerOptions, serversToRead } from '../servers.js';
import { vantageOf } from '../vantage.js';
import { version } from '../version.js';
import { checksView } from '../view/checks.js';
import { errorView } from '../view/error.js';
import { glyph, STEP_MARKS } from '../view/glyphs.js';
import { checkCounts, event, planCounts, planDocument, print } from '../view/json.js';
import { planView } from '../view/plan.js';
import { report } from '../view/report.js';
import { answering, type View } from '../view/style.js';
import { defaultBook } from './plan.js';

export interface VerifyOptions extends RunOptions, ServerOptions {
  diff?: boolean;
  timeout?: string;
  vantage?: string;
  report?: string;
}

export const verify: Command<VerifyOptions> = async (io, options, deps) => {
  const config = configOf(io, options);
  const servers = serversToRead(io, config, options);
  const within = timeoutMs(options.timeout);
  await checkIds(options);
  if (options.report !== undefined) checkReportPath(options.report, servers.length);
  // A proof of contents that nobody pinned would prove what the tags mean today.
  (await import('../../images/must-be-locked.js')).mustBeLocked(config, servers);
  const { control } = await deps.openSession(io, { config });
  try {
    const what = { name: 'verify', book: defaultBook(), options, timeoutMs: within } as const;
    const states = await sideBySide(servers, (server) => {
      const prove = { outside: vantageOf(config, server, options.vantage) };
      return look(io, deps, control, server, { ...what, prove });
    });
    show(io, options, states, deps.now());
    if (options.report !== undefined) await writeAll(io, options.report, servers, states);
    return worst(states.map(exitOf));
  } finally {
    await control.close();
  }
};

/** `--only` may name checks as well as steps. */
async function checkIds(options: VerifyOptions): Promise<void> {
  const { only } = options;
  if (only !== undefined && options.from === undefined) {
    const { CHECKS } = await import('../../checks/index.js');
    if (CHECKS.some(({ id }) => matchesGlob(id, only))) return;
  }
  await checkSteps(options);
}

function show(
  io: Io,
  options: VerifyOptions & GlobalOptions,
  states: readonly RunState[],
  now: number,
): void {
  if (options.output === 'json')
    printDocument(
      io,
      states.map((state) => planDocument(state, 'verify')),
    );
  for (const state of states) {
    if (options.output === 'jsonl')
      io.out(print(event('verify', state, { verify: planDocument(state, 'verify') }, now)));
    if (!isJson(options)) showText(io, options, state);
  }
}

function showText(io: Io, options: VerifyOptions & GlobalOptions, state: RunState): void {
  if (state.error) io.err(`${errorView(state.error, state, io).join('\n')}\n`);
  if (state.error || options.quiet) return;
  const { drift, unknown } = planCounts(state.surveys);
  const view = answering(io);
  const steps =
    drift + unknown === 0
      ? [asWanted(state, view)]
      : planView(state, view, { diff: options.diff ?? true, verbose: options.verbose });
  const { proof } = state;
  const isLookedAt = proof !== undefined && proof.checks.length > 0;
  const checks = isLookedAt ? checksView(proof, view, { verbose: options.verbose }) : [];
  io.out(`${[...steps, ...checks].join('\n')}\n`);
}

function asWanted(state: RunState, view: View): string {
  const { ok, skipped } = planCounts(state.surveys);
  const unasked = skipped > 0 ? ` (${skipped} not asked for)` : '';
  return `${glyph(view, STEP_MARKS.ok)} ${state.server}  ${ok} step${ok === 1 ? ' is' : 's are'} as wanted, none differs${unasked}`;
}

export async function writeAll(
  io: Io,
  path: string,
  servers: readonly Server[],
  states: readonly RunState[],
): Promise<void> {
  const { STEPS } = await import('../../steps/index.js');
  const sources = new Map(STEPS.map(({ id, source }) => [id, source]));
  const reports = states.flatMap((state) => {
    const server = servers.find(({ name }) => name === state.server);
    return server ? [report({ state, server, version: version(), sources })] : [];
  });
  for (const file of writeReports(io.cwd, path, reports)) io.err(`wrote ${file}\n`);
}

/** Unknown is neither pass nor fail, and a proof with holes is none. */
function exitOf(state: RunState): number {
  if (state.status !== 'done') return exitOfState(state);
  const { drift, unknown } = planCounts(state.surveys);
  const checks = checkCounts(state.proof);
  if (drift + checks.fail > 0) return 3;
  return unknown + checks.unknown > 0 ? 1 : 0;
}
