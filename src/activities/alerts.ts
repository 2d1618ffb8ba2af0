// Tells people by the first channel that takes it; and tries each, where a person wants to know.
import { log } from '@temporalio/activity';
import { send, shownChannel } from '../alerts/send.js';
import { ClincherError } from '../errors.js';
import type { AlertChannel, Notice, Server, StepState, Told } from '../model.js';
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

export async function remind(deps: Deps, { server, run, gate, title, times }: RemindInput): Promise<void> {
  log.warn('a gate waits for a person', { server: server.name, run, gate, title, times });
  const days = times === 1 ? 'a day' : `${times} days`;
  const notice: Notice = {
    ...{ server: server.name, level: 'warning', title: `${run} waits for you: ${title}` },
    lines: [`It has waited for ${days}.`, `clincher gates -s ${server.name}`, `clincher follow ${run}`],
  };
  await tell(deps, { server, notice }).catch((error: Error) => log.warn(error.message, { run, gate }));
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
