// What was taken over from a host that somebody set up by hand.
import type { Left } from '../../model.js';
import { pad, safe } from './text.js';

export interface Adopted {
  path: string;
  server: string;
  settings: readonly { key: string; from: string }[];
  left: readonly Left[];
  /** What could not be read. */
  unknown: readonly string[];
  vault: string;
  identity: string;
  /** Internal secrets. */
  made: readonly string[];
}

export function adoptedView({
  path,
  server,
  settings,
  left,
  unknown,
  vault,
  identity,
  made,
}: Adopted): string {
  const widest = Math.max(0, ...settings.map(({ key }) => key.length));
  const lines = [
    `Wrote ${path}: ${settings.length} settings as ${server} has them`,
    ...settings.map(({ key, from }) => `  ${pad(key, widest)}  ${safe(from)}`),
    ...left.map(({ name, place, why }) => `  left out: ${name} (${safe(place)}) ${safe(why)}`),
    ...unknown.map((what) => `  not read: ${safe(what)}`),
    `  ${vault}: the vault, with ${made.length} generated secrets of ${server}`,
    `  ${identity}: the key to it, yours alone. Keep a copy where you keep passwords`,
    `Next: clincher doctor -s ${server}    clincher plan provision -s ${server} --diff`,
  ];
  return `${lines.join('\n')}\n`;
}
