// A proof of what was only just started: a certificate is asked for, a name spreads; a look that comes too early is no verdict.
import type { Proof } from '../model.js';
import type { Deps } from './deps.js';

const PAUSE_MS = 5_000;

/** The first proof in which everything holds, or the last one of that time. */
export async function patiently(
  { now, sleep }: Pick<Deps, 'now' | 'sleep'>,
  patienceMs: number,
  look: () => Promise<Proof>,
  signal?: AbortSignal,
): Promise<Proof> {
  const until = now() + patienceMs;
  for (;;) {
    const proof = await look();
    if (proof.checks.every(({ verdict }) => verdict === 'pass' || verdict === 'skipped')) return proof;
    if (now() + PAUSE_MS > until) return proof;
    await sleep(PAUSE_MS, signal);
  }
}
