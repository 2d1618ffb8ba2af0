// The answer of a run on stdout: recaps for people, one document for scripts.
import type { RunState } from '../model.js';
import type { Deps } from './deps.js';
import type { Io } from './io.js';
import type { GlobalOptions } from './options.js';
import { checksView } from './view/checks.js';
import { errorView } from './view/error.js';
import { document, print, runDocument } from './view/json.js';
import { recap } from './view/recap.js';
import { answering, type View } from './view/style.js';

export function printResults(io: Io, deps: Deps, states: readonly RunState[], options: GlobalOptions): void {
  if (options.output === 'json') printDocument(io, states.map(runDocument));
  if (options.output !== 'text') return;
  for (const state of states) for (const line of whyEnded(state, io)) io.err(`${line}\n`);
  for (const { proof } of states)
    if (proof && !options.quiet)
      io.out(`${checksView(proof, answering(io), { verbose: Boolean(options.verbose) }).join('\n')}\n`);
  io.out(`${recap(states, answering(io), deps.now()).join('\n')}\n`);
}

/** One server is one document of its own kind; several are wrapped, so that stdout stays one document. */
export const printDocument = (io: Io, documents: readonly object[]): void =>
  io.out(print(documents.length === 1 ? documents[0]! : document('results', { results: documents })));

/** What no failed step has said already. */
export function whyEnded(state: RunState, view: View): string[] {
  if (!state.error || state.status === 'done') return [];
  const steps = state.groups.flatMap((group) => group.steps);
  if (steps.some((step) => step.error?.message === state.error?.message)) return [];
  return errorView(state.error, { server: state.server, run: state.run, runbook: state.runbook }, view);
}
