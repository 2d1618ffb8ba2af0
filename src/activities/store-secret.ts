// Takes a sealed answer into the vault: opened here, checked, stored; only a receipt goes back.
import { ERRORS } from '../errors.js';
import { replacedBy } from '../secrets/rotation.js';
import { checkShape } from '../secrets/shapes.js';
import type { StoreSecretInput, StoreSecretResult } from './api.js';
import type { Deps } from './deps.js';
import { foreignBot } from './partition.js';

export async function storeSecret(
  deps: Deps,
  { ref, sealed, shape, server }: StoreSecretInput,
): Promise<StoreSecretResult> {
  const value = await deps.secrets.unseal(sealed).catch(() => null);
  if (value === null)
    return { stored: false, reason: 'the answer was not sealed to this worker; answer again' };
  const mistake = shape === undefined ? null : checkShape(shape, value);
  if (mistake !== null) return { stored: false, reason: `${ERRORS.ANSWER_INVALID.summary} ${mistake}` };
  if (await isInUse(deps, { ref, server }, value))
    return { stored: false, reason: 'This is the value that is in use already; a new one is asked for.' };
  const foreign = await foreignBot(deps, { ref, server }, value);
  if (foreign !== undefined) return { stored: false, reason: foreign };
  const { fingerprint } = await deps.secrets.store(ref, value, server);
  return { stored: true, fingerprint };
}

/** Of a value that is to take the place of another: it would be rotated to itself, and called proved. */
async function isInUse(
  { secrets }: Deps,
  { ref, server }: Pick<StoreSecretInput, 'ref' | 'server'>,
  value: string,
): Promise<boolean> {
  const old = replacedBy(ref);
  if (old === undefined || (await secrets.missing([old], server)).length > 0) return false;
  return (await secrets.reveal(old, server)) === value;
}
