// In the browser: asks the page's server, and throws what it says when it does not want to.
import type { Refused } from '../seen.js';

export class NotTaken extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: readonly string[] = [],
  ) {
    super(message);
  }
}

export async function ask<T>(verb: 'look' | 'answer', ticket: string, said: object = {}): Promise<T> {
  const reply = await fetch(`/api/${verb}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ticket}`, 'content-type': 'application/json' },
    body: JSON.stringify(said),
    ...{ cache: 'no-store', credentials: 'omit', redirect: 'error' },
  }).catch(() => {
    throw new NotTaken('AWAY', 'The worker does not answer; trying again.');
  });
  const heard = (await reply.json()) as T | Refused;
  if (reply.ok) return heard as T;
  const { code, message, remedy } = (heard as Refused).error;
  throw new NotTaken(code, message, remedy);
}
