// Tells people of something, where there is anybody to tell: that nobody could be told changes nothing else.
import { isCancellation, log } from '@temporalio/workflow';
import type { Notice, Server, Told, WatchMemory } from '../model.js';
import { pings, tells } from './activities.js';
import { iso, runError } from './state.js';

export async function tellPeople(server: Server, notice: Notice | undefined): Promise<void> {
  // A run that was started before there were alerts has none.
  const channels = (server.alerts as Server['alerts'] | undefined)?.channels ?? [];
  if (notice === undefined || channels.length === 0) return;
  try {
    await tells.tell.executeWithOptions({ summary: notice.title }, [{ server, notice }]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('nobody could be told', { server: server.name, title: notice.title });
  }
}

export interface AtOnce {
  /** Also where there is nobody to tell. */
  isTold: boolean;
  missed: Told['missed'];
}

/** By whoever takes it now: the next look tries again. */
export async function tellAtOnce(server: Server, notice: Notice): Promise<AtOnce> {
  if (server.alerts.channels.length === 0) return { isTold: true, missed: [] };
  try {
    const { missed } = await pings.tell.executeWithOptions({ summary: notice.title }, [{ server, notice }]);
    return { isTold: true, missed };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { message, evidence = [] } = runError(error);
    return { isTold: false, missed: (evidence.length > 0 ? evidence : [message]).map(channelOf) };
  }
}

/** As the activity writes it: `ntfy https://ntfy.sh/topic: no answer`. */
function channelOf(line: string): Told['missed'][number] {
  const at = line.lastIndexOf(': ');
  return at < 0 ? { channel: 'all', why: line } : { channel: line.slice(0, at), why: line.slice(at + 2) };
}

/** Since when each of them takes nothing. */
export const deafness = (
  before: WatchMemory['deaf'],
  missed: Told['missed'],
  nowMs: number,
): WatchMemory['deaf'] =>
  missed.map(({ channel, why }) => ({
    channel,
    why,
    since: before.find((each) => each.channel === channel)?.since ?? iso(nowMs),
  }));
