// `clincher verify`: proves that nothing would change. Drift, or something that cannot be read, is a failure.
import type { RunState } from '../../model.js';
import type { Command } from '../deps.js';
import { exitOfState, worst } from '../exit.js';
import { checkSteps, type RunOptions, timeoutMs } from '../input.js';
import { look } from '../look.js';
import { isJson } from '../options.js';
import { printDocument } from '../results.js';
import { configOf, type ServerOptions, serversToRead } from '../servers.js';
import { errorView } from '../view/error.js';
import { glyph, STEP_MARKS } from '../view/glyphs.js';
import { event, planCounts, planDocument, print } from '../view/json.js';
import { planView } from '../view/plan.js';
import { answering, type View } from '../view/style.js';
import { sideBySide } from '../waves.js';
import { defaultBook } from './plan.js';

export interface VerifyOptions extends RunOptions, ServerOptions {
  diff?: boolean;
  timeout?: string;
}

export const verify: Command<VerifyOptions> = async (io, options, deps) => {
  const config = configOf(io, options);
  const servers = serversToRead(io, config, options);
  const within = timeoutMs(options.timeout);
  await checkSteps(options);
  const { control } = await deps.openSession(io, { config });
  try {
    const what = { name: 'verify', book: defaultBook(), options, timeoutMs: within } as const;
    const states = await sideBySide(servers, (server) => look(io, deps, control, server, what));
    if (options.output === 'json')
      printDocument(
        io,
        states.map((state) => planDocument(state, 'verify')),
      );
    for (const state of states) {
      if (options.output === 'jsonl')
        io.out(print(event('verify', state, { verify: planDocument(state, 'verify') }, deps.now())));
      if (!isJson(options)) show(state);
    }
    return worst(states.map(exitOf));
  } finally {
    await control.close();
  }

  function show(state: RunState): void {
    if (state.error) io.err(`${errorView(state.error, state, io).join('\n')}\n`);
    if (state.error || options.quiet) return;
    const { drift, unknown } = planCounts(state.surveys);
    const diff = options.diff ?? true;
    const lines =
      drift + unknown === 0
        ? [asWanted(state, answering(io))]
        : planView(state, answering(io), { diff, verbose: options.verbose });
    io.out(`${lines.join('\n')}\n`);
  }
};

function asWanted(state: RunState, view: View): string {
  const { ok, skipped } = planCounts(state.surveys);
  const unasked = skipped > 0 ? ` (${skipped} not asked for)` : '';
  return `${glyph(view, STEP_MARKS.ok)} ${state.server}  ${ok} step${ok === 1 ? ' is' : 's are'} as wanted, none differs${unasked}`;
}

/** Unknown is neither pass nor fail, and a proof with holes is none. */
function exitOf(state: RunState): number {
  if (state.status !== 'done') return exitOfState(state);
  const { drift, unknown } = planCounts(state.surveys);
  return drift > 0 ? 3 : unknown > 0 ? 1 : 0;
}
