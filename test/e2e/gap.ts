// How long the gateway did not answer by its public name while something was done to it.
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabHost } from '../lab/lab.js';
import { DOMAIN } from './stack-stage.js';

const EVERY_MS = 200;

/** Does the work and tells the longest time without an answer, which is 0 where every question was answered. */
export async function gapDuring<T>(
  host: LabHost,
  work: () => Promise<T>,
): Promise<{ result: T; gapMs: number }> {
  let isDone = false;
  const watched = watch(host, () => isDone);
  try {
    const result = await work();
    isDone = true;
    return { result, gapMs: await watched };
  } finally {
    isDone = true;
  }
}

/** Goes on until it is answered: what was begun to be silent is measured to its end. */
async function watch(host: LabHost, isDone: () => boolean): Promise<number> {
  const giveUp = Date.now() + 30 * 60_000;
  let longest = 0;
  let silentSince: number | undefined;
  while (!(isDone() && silentSince === undefined) && Date.now() < giveUp) {
    const at = Date.now();
    if (await answers(host)) {
      if (silentSince !== undefined) longest = Math.max(longest, Date.now() - silentSince);
      silentSince = undefined;
    } else silentSince ??= at;
    await sleep(EVERY_MS);
  }
  return longest;
}

export function answers(host: LabHost): Promise<boolean> {
  return new Promise((resolve) => {
    const where = { host: host.address, servername: DOMAIN, path: '/healthz', rejectUnauthorized: false };
    const call = request(
      { ...where, headers: { host: DOMAIN }, agent: false, timeout: 5_000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(false));
    call.end();
  });
}
