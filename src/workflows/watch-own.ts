// What the watchdog has to tell of itself: that the server could not be looked at, or that nobody looked for a while.
import type { KeyedSymptom, Observed, Restarts, Server, WatchMemory } from '../model.js';
import { span } from './alert-notice.js';
import { iso, runError } from './state.js';

/** Whether it could be looked at, and by whom, is known at every look; what restarting has helped only where services were seen. */
export const withOwn = (judged: readonly string[]): string[] => [
  ...judged,
  ...['watch.host', 'watch.plane'],
  ...(judged.includes('watch.services') ? ['watch.heal'] : []),
];

/** The guide's two failures in a row; a key that changed is no outage, and is told at once. */
const LOOKS_LOST = 2;

/** A server that cannot be reached is one alert: what else is wrong with it nobody knows, and it stays as it was. */
export function unreached({ name, address }: Server, restarts: Restarts, error: unknown): Observed {
  const { code, message, remedy = [] } = runError(error);
  const symptom: KeyedSymptom = {
    ...{ key: 'watch.host', about: '', level: 'critical' },
    text: `${name} (${address}) cannot be looked at: ${code}: ${message}`,
    remedy: remedy.length > 0 ? remedy : [`clincher doctor -s ${name}`],
    looks: code === 'HOST_KEY_MISMATCH' ? 1 : LOOKS_LOST,
  };
  return { symptoms: [symptom], judged: [], checks: [], restarts, remote: [] };
}

/** As long as this nobody looking is a matter of a restarted worker. */
const LATE_MS = 10 * 60_000;

const gapMs = ({ at }: WatchMemory, nowMs: number): number | undefined =>
  at === '' ? undefined : nowMs - Date.parse(at);

const isLate = (before: WatchMemory, nowMs: number): boolean => {
  const gap = gapMs(before, nowMs);
  return gap !== undefined && before.everyMs !== undefined && gap > Math.max(LATE_MS, 3 * before.everyMs);
};

/** Nobody looked: told afterwards, since a control plane that is away tells nothing. */
export function lateness(before: WatchMemory, nowMs: number, { name }: Server): KeyedSymptom[] {
  if (!isLate(before, nowMs)) return [];
  const text = `nobody looked at ${name} for ${span(nowMs - Date.parse(before.at))}, since ${before.at.slice(0, 16)}Z: control plane or worker was away`;
  const remedy = [`clincher schedule ls -s ${name}`, 'clincher doctor'];
  return [{ key: 'watch.plane', about: '', level: 'warning', text, remedy }];
}

/** A gap is no interval. */
export const seenAt = (before: WatchMemory, nowMs: number): Pick<WatchMemory, 'at' | 'everyMs'> => ({
  at: iso(nowMs),
  everyMs: isLate(before, nowMs) ? before.everyMs : (gapMs(before, nowMs) ?? before.everyMs),
});
