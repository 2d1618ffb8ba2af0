// Heartbeats: how a cancel reaches a running activity, and where `clincher follow` reads the live tail.
import { Context } from '@temporalio/activity';
import { lastLines } from './host.js';

const INTERVAL_MS = 2_000;

export interface Beat {
  signal: AbortSignal;
  /** Feeds the tail with what the host says. */
  say(chunk: string): void;
  /** A person cancelled the run; a worker that merely stops must leave remote work alone. */
  cancelled(): boolean;
}

/** Beats every two seconds while `work` runs; `redact` is applied to whatever leaves this process. */
export async function withBeat<T>(
  step: string,
  redact: (text: string) => string,
  work: (beat: Beat) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  let recent = '';
  const beat = () => context.heartbeat({ step, lines: lastLines(redact(recent), 3) });
  const timer = setInterval(beat, INTERVAL_MS);
  beat();
  try {
    return await work({
      signal: context.cancellationSignal,
      say: (chunk) => {
        recent = (recent + chunk).slice(-4_000);
      },
      cancelled: () => context.cancellationDetails?.cancelRequested === true,
    });
  } finally {
    clearInterval(timer);
  }
}
