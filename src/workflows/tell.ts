// Tells people of something, where there is anybody to tell: that nobody could be told changes nothing else.
import { isCancellation, log } from '@temporalio/workflow';
import type { Notice, Server } from '../model.js';
import { tells } from './activities.js';

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
