// A secret of the server's own is replaced: both values in the vault, then one proved and the other refused, then one gone.
import { type Knocked, knock, knocked, TAKEN_BY } from '../commands/rotation.js';
import { ClincherError } from '../errors.js';
import type { ChangeView, Span } from '../model.js';
import { beforeOf } from '../secrets/rotation.js';
import { internal } from '../stack/tokens.js';
import type { RotationInput } from './api.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { lastLines, Meter } from './host.js';
import { jobBody } from './script.js';
import { filled } from './secret-tokens.js';

const TIMEOUT_MS = 5 * 60_000;

/** Asks with both; throws NOT_ROTATED where the new one is not taken, or the old one still is. */
export async function proveRotation(
  deps: Deps,
  { server, name }: RotationInput,
  beat: Beat,
): Promise<{ changes: ChangeView[]; remote: Span[] }> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const asked = knock(name, internal(server, name), internal(server, beforeOf(name)));
  const [action] = await filled(deps.secrets, server, { what: '', run: [asked] });
  const { stdout, stderr } = await host.script(jobBody([action!]), {
    timeoutMs: TIMEOUT_MS,
    signal: beat.signal,
  });
  const said = knocked(stdout);
  if (said.now === 'taken' && said.before === 'refused')
    return {
      changes: [{ what: `${TAKEN_BY[name]} takes the new ${name} and refuses the old` }],
      remote: meter.spans,
    };
  throw notRotated(server.name, name, said, lastLines(deps.secrets.redact(stderr)));
}

function notRotated(
  server: string,
  name: RotationInput['name'],
  { now, before }: Knocked,
  evidence: string[],
) {
  return new ClincherError(
    'NOT_ROTATED',
    `${TAKEN_BY[name]} of ${server}: the new ${name} is ${now}, the old is ${before}`,
    { evidence },
  );
}
