// `clincher pairing ls|approve|reject`: who waits to be let in, and a person's decision about exactly one of them.
import { findRequest } from '../../commands/pairing.js';
import { ClincherError } from '../../errors.js';
import type { PairingDecision, PairingNow, PairingRequest, Server } from '../../model.js';
import { sideBySide } from '../../side-by-side.js';
import { holderOf } from '../../stack/partitions.js';
import { agreed } from '../agreed.js';
import type { Control } from '../control.js';
import type { Command, Deps, Session } from '../deps.js';
import { exitOfFollowed, exitOfState, worst } from '../exit.js';
import { follow } from '../follow.js';
import { gatewayView, type OfPartition } from '../gateway-of.js';
import { hints } from '../hints.js';
import { runInput } from '../input.js';
import type { Io } from '../io.js';
import { look, lookFailed } from '../look.js';
import { type GlobalOptions, isJson } from '../options.js';
import { recordRun } from '../recent.js';
import { printResults } from '../results.js';
import { makeScreen } from '../screen/screen.js';
import { configOf, type ServerOptions, serversToChange, serversToRead } from '../servers.js';
import { document, print } from '../view/json.js';
import { pairingView, whoIs } from '../view/pairing.js';
import { answering } from '../view/style.js';

export const pairingLs: Command<ServerOptions & OfPartition> = async (io, options, deps) => {
  const config = configOf(io, options);
  const { partition } = options;
  const servers = serversToRead(io, config, options).map((each) => gatewayOf(each, partition));
  const { control } = await deps.openSession(io, { config });
  try {
    const lists = await sideBySide(servers, async (server) => ({
      server: server.name,
      ...(partition === undefined ? {} : { partition }),
      ...(await waiting(io, deps, control, server)),
    }));
    if (isJson(options)) io.out(print(document('pairing', { servers: lists })));
    else
      for (const { server, ...now } of lists)
        io.out(`${pairingView({ server, partition }, now, answering(io), deps.now()).join('\n')}\n`);
    return worst(lists.map(({ unknown }) => (unknown.length > 0 ? 1 : 0)));
  } finally {
    await control.close();
  }
};

export interface DecideOptions extends ServerOptions, OfPartition {
  id: string;
  yes?: boolean;
}

export const pairingApprove: Command<DecideOptions> = (io, options, deps) =>
  decide(io, options, deps, 'approve');
export const pairingReject: Command<DecideOptions> = (io, options, deps) =>
  decide(io, options, deps, 'reject');

async function decide(
  io: Io,
  options: DecideOptions & GlobalOptions,
  deps: Deps,
  act: PairingDecision['act'],
): Promise<number> {
  const config = configOf(io, options);
  const server = onlyOne(serversToChange(io, config, options), options.partition);
  needsAgreement(io, options, act);
  const session = await deps.openSession(io, { config });
  try {
    const request = mustWait(await waiting(io, deps, session.control, server), options.id, server);
    if (act === 'reject') mustBeDevice(request);
    io.err(`${whoIs(request, io, deps.now()).join('\n')}\n`);
    const question = act === 'approve' ? `Let it in to ${holderOf(server)}?` : 'Turn it away?';
    if (!(await agreed(io, deps.ask, question, options.yes)))
      throw new ClincherError('DECLINED', 'Declined; nothing was changed.');
    return await followed(io, deps, session, server, { act, request }, options);
  } finally {
    await session.control.close();
  }
}

/** Known before anything is contacted: whether somebody can agree at all. */
function needsAgreement(io: Io, { yes, id }: DecideOptions, act: string): void {
  if (/^(all|\*)$/i.test(id))
    throw new ClincherError('USAGE', 'One at a time: whoever is let in was looked at by a person.', {
      remedy: ['clincher pairing ls'],
    });
  if (yes || io.canPrompt) return;
  throw new ClincherError('USAGE', `To ${act} needs a yes, and nobody is at the terminal.`, {
    remedy: ['add --yes', 'look first: clincher pairing ls'],
  });
}

function onlyOne(servers: readonly Server[], partition: string | undefined): Server {
  const [server] = servers;
  if (server !== undefined && servers.length === 1) return gatewayOf(server, partition);
  throw new ClincherError('USAGE', 'Decide on one server at a time.');
}

/** As activities know it: which gateway of the server is meant. */
function gatewayOf(server: Server, partition: string | undefined): Server {
  gatewayView(server, partition);
  return partition === undefined ? server : { ...server, stack: { ...server.stack, partition } };
}

/** The read-only look, which takes no lock. */
async function waiting(io: Io, deps: Deps, control: Control, server: Server): Promise<PairingNow> {
  const state = await look(io, deps, control, server, { name: 'pairing-requests', options: {} });
  if (state.pairing && exitOfState(state) === 0) return state.pairing;
  throw lookFailed(state, 'it could not be read');
}

function mustWait(now: PairingNow, id: string, { name }: Server): PairingRequest {
  const found = findRequest(now, id);
  if (found) return found;
  const waits = now.requests.map((each) => `waits: ${each.id}, ${each.channel} ${each.subject}`);
  throw new ClincherError('PAIRING_NOT_FOUND', `nobody waits by ${id}`, {
    evidence: [...waits, ...now.unknown.map((line) => `unknown: ${line}`)],
    remedy: [
      `clincher pairing ls -s ${name}`,
      'have them write to the bot, or connect, once more, for a new one',
    ],
  });
}

function mustBeDevice({ kind, expiresAt }: PairingRequest): void {
  if (kind === 'device') return;
  throw new ClincherError(
    'USAGE',
    `OpenClaw has no word to turn a person away: it ends by itself at ${expiresAt}.`,
    {
      remedy: ['leave it: who is not approved is not let in'],
    },
  );
}

async function followed(
  io: Io,
  deps: Deps,
  session: Session,
  server: Server,
  decision: PairingDecision,
  options: GlobalOptions,
): Promise<number> {
  const { control } = session;
  const input = { ...runInput(io, server, { onFailure: 'abort' }), decision };
  const run = await control.start('pairing', input, { readOnly: false });
  const startedAt = new Date(deps.now()).toISOString();
  recordRun(io.env, { ...run, server: server.name, runbook: 'pairing', startedAt });
  const screen = await makeScreen(io, run, { ...options, webUrl: session.webUrl(run), now: deps.now });
  const seen = await follow(io, deps, control, run, screen, { answers: false });
  printResults(io, deps, [seen.state], options);
  if (seen.left !== undefined) for (const line of hints(seen, deps.now())) io.err(`${line}\n`);
  return exitOfFollowed(seen);
}
