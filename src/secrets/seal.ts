// Seals an answer to a worker's public key, so that it may travel through Temporal and be stored there.
import { ClincherError } from '../errors.js';
import { decrypt, encrypt, isRecipient } from './age.js';

export async function seal(value: string, recipient: string): Promise<string> {
  if (!(await isRecipient(recipient)))
    throw new ClincherError('VAULT_INVALID', 'The worker’s public key is not an age recipient (`age1…`).');
  return encrypt(value, [recipient]);
}

/** `identity` is an `AGE-SECRET-KEY-1…`. */
export async function unseal(text: string, identity: string): Promise<string> {
  try {
    return await decrypt(text, [identity]);
  } catch (cause) {
    throw new ClincherError('ANSWER_INVALID', 'The answer was not sealed to this worker, or was damaged.', {
      cause,
      remedy: ['answer again: the worker may have a new key'],
    });
  }
}
