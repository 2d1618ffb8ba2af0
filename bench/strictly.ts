// What a long proof would count as failed ends a bench: its figures would be of something else.
import type { Say } from '../scripts/patiently.js';
import type { Proof } from '../test/e2e/proof.js';

export const strictly = (say: Say): Proof => ({
  say,
  check(what, ok, detail = '') {
    if (!ok) throw new Error(`${what}: ${detail.slice(-2_000)}`);
  },
  figure() {},
});
