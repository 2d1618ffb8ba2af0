// Takes a sealed answer into the vault: opened here, checked, stored; only a receipt goes back.
import { ERRORS } from '../errors.js';
import { checkShape } from '../secrets/shapes.js';
import type { StoreSecretInput, StoreSecretResult } from './api.js';
import type { Deps } from './deps.js';

export async function storeSecret(
  deps: Deps,
  { ref, sealed, shape, server }: StoreSecretInput,
): Promise<StoreSecretResult> {
  const value = await deps.secrets.unseal(sealed).catch(() => null);
  if (value === null)
    return { stored: false, reason: 'the answer was not sealed to this worker; answer again' };
  const mistake = shape === undefined ? null : checkShape(shape, value);
  if (mistake !== null) return { stored: false, reason: `${ERRORS.ANSWER_INVALID.summary} ${mistake}` };
  const { fingerprint } = await deps.secrets.store(ref, value, server);
  return { stored: true, fingerprint };
}
