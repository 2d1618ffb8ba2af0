// The run of a changed way out, from the question to the trail: clincher.yaml says it while it runs, and only if it held afterwards.
import type { Config } from '../config/load.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import { agreed } from './agreed.js';
import { mustBeFree } from './commands/run-agree.js';
import { type ConfigEdit, mustBeTheSame, takeBack, writeEdit } from './config-edit.js';
import type { Deps, Session } from './deps.js';
import { addToTrail, type EgressChange, trailPath } from './egress-trail.js';
import { exitOfFollowed } from './exit.js';
import { type Followed, follow } from './follow.js';
import { goesOn } from './hints.js';
import { runInput, who } from './input.js';
import type { Io } from './io.js';
import { keepSchedules } from './keep-schedules.js';
import type { GlobalOptions } from './options.js';
import { recordRun } from './recent.js';
import { printResults } from './results.js';
import { makeScreen } from './screen/screen.js';
import { diffView } from './view/diff.js';

export interface Wanted {
  change: EgressChange;
  edit: ConfigEdit;
  /** As the file says it after the change. */
  config: Config;
  server: Server;
}

export async function mustAgree(
  io: Io,
  deps: Deps,
  { change, edit }: Pick<Wanted, 'change' | 'edit'>,
  yes: boolean | undefined,
): Promise<void> {
  const { act, domain, server, expires } = change;
  io.err(`${edit.path}\n${diffView(edit.before, edit.after, io).join('\n')}\n`);
  const until = expires === undefined ? '' : ` until ${expires}`;
  const question =
    act === 'allow' ? `Let data out of ${server} to ${domain}${until}?` : `Shut ${domain} on ${server}?`;
  if (await agreed(io, deps.ask, question, yes)) return;
  throw new ClincherError('DECLINED', 'Declined; nothing was changed.');
}

export async function runChange(
  io: Io,
  options: GlobalOptions,
  deps: Deps,
  session: Session,
  wanted: Wanted,
): Promise<number> {
  const { change, edit, server } = wanted;
  // Whoever is at work may have changed the file as well: that they are is the better answer.
  await mustBeFree(session.control, [server]);
  await mustBeTheSame(edit);
  // The run first: whoever finds the server locked has changed nothing.
  const input = runInput(io, server, { onFailure: 'abort' });
  const run = await session.control.start('egress', input, { readOnly: false });
  await writeEdit(edit);
  const startedAt = new Date(deps.now()).toISOString();
  recordRun(io.env, { ...run, server: server.name, runbook: 'egress', startedAt });
  const screen = await makeScreen(io, run, { ...options, webUrl: session.webUrl(run), now: deps.now });
  const seen = await follow(io, deps, session.control, run, screen, { answers: false });
  if (wasUndone(seen)) await takeBack(edit);
  const line = { ...change, at: deps.now(), who: who(io.env), run: run.run, outcome: outcomeOf(seen) };
  await addToTrail(edit.path, line);
  printResults(io, deps, [seen.state], options);
  if (seen.left === undefined && !wasUndone(seen))
    await keepSchedules(io, session.control, wanted.config, [server.name], ['egress']);
  for (const each of epilogue(seen, edit.path)) io.err(`${each}\n`);
  return exitOfFollowed(seen);
}

const wasUndone = ({ left, state }: Followed): boolean => left === undefined && state.status !== 'done';

const outcomeOf = (seen: Followed): string =>
  seen.left !== undefined
    ? `not awaited: clincher show ${seen.state.run}`
    : wasUndone(seen)
      ? `undone: ${seen.state.error?.code ?? seen.state.status}`
      : 'done';

function epilogue(seen: Followed, path: string): string[] {
  const { state, left } = seen;
  if (left !== undefined)
    return [goesOn(state.run), `${path} says the change already; where it is undone, take it out again`];
  const trail = `Noted in ${trailPath(path)}: commit it with clincher.yaml`;
  return wasUndone(seen)
    ? [`${path} is as it was before`, trail, `Look: clincher show ${state.run}`]
    : [trail, `Next: clincher egress list -s ${state.server}`];
}
