// Tells people by the first channel that takes it; and tries each, where a person wants to know.
import { log } from '@temporalio/activity';
import { send, shownChannel } from '../alerts/send.js';
import { answerCommand } from '../answer-command.js';
import { ClincherError } from '../errors.js';
import type { AlertChannel, Notice, Server, StepState, Told } from '../model.js';
import type { GateAt } from '../page/links.js';
import type { RemindInput, TellInput } from './api-alerts.js';
import type { Deps } from './deps.js';

/** A run that was started before there were alerts has none. */
const channelsOf = (server: Server): AlertChannel[] =>
  (server.alerts as Server['alerts'] | undefined)?.channels ?? [];

/** Throws NOBODY_TOLD where there are channels and none takes it: to be tried again. */
export async function tell(deps: Deps, { server, notice }: TellInput): Promise<Told> {
  const missed: Told['missed'] = [];
  for (const channel of channelsOf(server)) {
    const why = await tried(deps, server, channel, notice);
    if (why === undefined) return { by: shownChannel(channel), missed };
    missed.push({ channel: shownChannel(channel), why });
  }
  if (missed.length === 0) return { missed };
  throw new ClincherError('NOBODY_TOLD', `${server.name}: no channel took "${notice.title}"`, {
    evidence: missed.map(({ channel, why }) => `${channel}: ${why}`),
  });
}

export async function remind(deps: Deps, input: RemindInput): Promise<void> {
  const { server, run, gate, title, times } = input;
  log.warn('a gate waits for a person', { server: server.name, run, gate, title, times });
  if (channelsOf(server).length === 0) return;
  await tell(deps, { server, notice: await waits(deps, input) }).catch((error: Error) =>
    log.warn(error.message, { run, gate }),
  );
}

async function waits(deps: Deps, { server, run, gate: id, ...input }: RemindInput): Promise<Notice> {
  const { title, openedAt, note } = input;
  const link = await linkTo(deps, { server: server.name, run, gate: id, openedAt });
  return {
    ...{ server: server.name, level: 'warning', title: `${run} waits for you: ${title}` },
    lines: [
      ...(note === undefined ? [] : [note]),
      `It has waited for ${span(deps.now() - Date.parse(openedAt))}.`,
      answerCommand({ id, ...input }, { run, server: server.name }),
      ...(link === undefined ? [] : [link]),
      `clincher follow ${run}`,
    ],
  };
}

/** An alert without a link is better than none. */
async function linkTo({ page }: Deps, at: GateAt): Promise<string | undefined> {
  return page?.mint(at).catch((error: Error) => {
    log.warn(`no link to the page: ${error.message}`, { run: at.run, gate: at.gate });
    return undefined;
  });
}

/** `10 minutes`, `a day`: people are told once soon, then once a day. */
function span(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return minutes === 1 ? 'a minute' : `${minutes} minutes`;
  const [hours, days] = [Math.round(minutes / 60), Math.round(minutes / 1440)];
  if (hours < 48) return hours === 24 ? 'a day' : `${hours} hours`;
  return `${days} days`;
}

/** Each of them, whatever becomes of the others. */
export async function tryChannels(
  deps: Deps,
  { server, who }: { server: Server; who: string },
): Promise<StepState[]> {
  const notice: Notice = {
    ...{ server: server.name, level: 'info', title: 'this is a test' },
    lines: [`${who} asked clincher whether alerts arrive. This one did; nothing is wrong.`],
  };
  const all = channelsOf(server).map(async (channel, at) =>
    step(channel, at, await tried(deps, server, channel, notice)),
  );
  return Promise.all(all);
}

const step = (channel: AlertChannel, at: number, why: string | undefined): StepState => ({
  ...{ id: `alerts.${at + 1}`, title: shownChannel(channel), changes: [], notes: [] },
  status: why === undefined ? 'ok' : 'failed',
  ...(why === undefined ? {} : { error: { code: 'CHANNEL_FAILED', message: why } }),
});

/** Why it did not take it; nothing where it did. */
async function tried(
  { secrets }: Deps,
  server: Server,
  channel: AlertChannel,
  notice: Notice,
): Promise<string | undefined> {
  try {
    const { secret } = channel;
    await send(
      channel,
      clean(notice, secrets.redact),
      secret === undefined ? '' : await secrets.reveal(secret, server),
    );
    return undefined;
  } catch (error) {
    return secrets.redact((error as Error).message);
  }
}

/** It leaves this machine. */
const clean = (notice: Notice, redact: (text: string) => string): Notice => ({
  ...notice,
  title: redact(notice.title),
  lines: notice.lines.map(redact),
});
