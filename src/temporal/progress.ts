// A word every ten seconds, so that nobody takes slow for stuck.
import type { Say } from './server-source.js';

const EVERY_MS = 10_000;

export function everySoOften(say: Say, line: (seconds: number) => string, everyMs = EVERY_MS): () => void {
  const began = Date.now();
  const timer = setInterval(() => say(line(Math.round((Date.now() - began) / 1000))), everyMs);
  return () => clearInterval(timer);
}
