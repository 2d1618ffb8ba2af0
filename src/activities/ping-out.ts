// Calls somebody who notices when no call comes: the one alert that a dead watchdog can still give.
import { whyNot } from '../alerts/post.js';
import { ClincherError } from '../errors.js';
import type { Server } from '../model.js';
import type { Deps } from './deps.js';

const PATIENCE_MS = 10_000;

/** The address is a secret: whoever knows it can keep a dead watchdog alive. */
export async function pingOut({ secrets }: Deps, { server }: { server: Server }): Promise<void> {
  const { ping } = server.watchdog;
  if (ping === undefined) return;
  const address = await secrets.reveal(ping, server);
  const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
    (error: Error) => {
      throw failed(whyNot(error));
    },
  );
  await answer.body?.cancel();
  if (!answer.ok) throw failed(`it answers ${answer.status}`);
}

const failed = (why: string): ClincherError =>
  new ClincherError('PING_FAILED', `the address of watchdog.ping was not reached: ${why}`);
