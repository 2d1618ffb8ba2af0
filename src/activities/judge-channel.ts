// The gateway's own check of one channel, with time for a gateway that was only just started.
import { ClincherError } from '../errors.js';
import type { CheckResult, Server } from '../model.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { prove } from './prove.js';

/** A gateway is healthy before its channels have logged in. */
const PATIENCE_MS = 90_000;
const PAUSE_MS = 5_000;

export async function judgeChannel(
  deps: Deps,
  server: Server,
  channel: string,
  beat: Beat,
): Promise<CheckResult> {
  const until = deps.now() + PATIENCE_MS;
  for (;;) {
    const { checks } = await prove(deps, { server, only: `verify.channel-${channel}` }, beat.signal);
    const [check] = checks;
    if (check === undefined) throw new ClincherError('INTERNAL', `there is no check of ${channel}`);
    if (check.verdict === 'pass' || deps.now() > until) return check;
    await deps.sleep(PAUSE_MS, beat.signal);
  }
}
