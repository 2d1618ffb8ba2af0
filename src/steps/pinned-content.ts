// What the steps of skills and personas share: nothing that no person has read is ever planned onto a host.
import type { Change, KindedPin, PinnedContent, Server, Vetting } from '../model.js';
import { pinKey, shortPin, vettingOf } from '../stack/pins.js';

/** A change without commands: only a person can make it so, at the gate of `provision` and `harden`. */
export const unread = (pin: KindedPin): Change => ({
  what: `${pin.kind} ${shortPin(pin)} waits for a person who reads it`,
  run: [],
});

/** What was fetched, when it is what a person has read. */
export function readContent(want: Server, pin: KindedPin, { sha256 }: Vetting): PinnedContent {
  const found = want.library?.[pinKey(pin)] ?? { problem: 'it was not fetched' };
  if ('problem' in found) throw new Error(`${pin.kind} ${shortPin(pin)}: ${found.problem}`);
  if (found.sha256 !== sha256)
    throw new Error(`${pin.kind} ${shortPin(pin)} is not what was read: sha256 ${found.sha256}`);
  return found;
}

/** Shown with every plan and status: who stands for what the model reads. */
export const readBy = (pins: readonly KindedPin[], vettings: readonly Vetting[]): string[] =>
  pins.flatMap((pin) => {
    const record = vettingOf(vettings, pin);
    if (record === undefined) return [];
    return [
      `${shortPin(pin)}: read by ${record.who} on ${record.when.slice(0, 10)}, sha256 ${record.sha256.slice(0, 12)}`,
    ];
  });
