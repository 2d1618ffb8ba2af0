// One state an alert: raised when it has been seen for long enough, told again after a time, over when it is no longer seen. Pure.
import type { Alert, KeyedSymptom, Observed } from '../model.js';
import { iso } from './state.js';

/** In so many looks in a row it must not be seen before it is over: one that comes and goes is one alert, not ten. */
const WELL_LOOKS = 2;
const DAY_MS = 24 * 3600 * 1000;

type Seen = Pick<Observed, 'symptoms' | 'judged'>;

/** What the book holds after a look. */
export function looked(before: readonly Alert[], { symptoms, judged }: Seen, nowMs: number): Alert[] {
  const now = new Map(symptoms.map((each) => [each.key, each]));
  const known = before.flatMap((alert) => after(alert, now.get(alert.key), isJudged(alert, judged), nowMs));
  const keys = new Set(known.filter(({ overAt }) => overAt === undefined).map(({ key }) => key));
  const fresh = symptoms.filter(({ key }) => !keys.has(key)).map((each) => raised(each, nowMs));
  return [...known, ...fresh];
}

/** `watch.disk:/var` and `watch.disk?` are of the watch `watch.disk`; the latter is over once it could look. */
const isJudged = ({ key }: Alert, judged: readonly string[]): boolean =>
  judged.includes(key.replace(/[:?].*$/s, ''));

const raised = ({ key, level, text, remedy, looks = 1 }: KeyedSymptom, nowMs: number): Alert => ({
  ...{ key, level, text, remedy, looks },
  ...{ since: iso(nowMs), seen: 1, unseen: 0 },
});

function after(alert: Alert, symptom: KeyedSymptom | undefined, isKnown: boolean, nowMs: number): Alert[] {
  // It waits to be told that it is over; what comes now is another one.
  if (alert.overAt !== undefined) return [alert];
  if (symptom !== undefined) {
    const { level, text, remedy, looks = 1 } = symptom;
    return [{ ...alert, level, text, remedy, looks, seen: alert.seen + 1, unseen: 0 }];
  }
  // Nobody could look: it is as it was.
  if (!isKnown) return [alert];
  // Nobody has heard of it.
  if (alert.saidAt === undefined) return [];
  const unseen = alert.unseen + 1;
  return [{ ...alert, unseen, ...(unseen >= WELL_LOOKS ? { overAt: iso(nowMs) } : {}) }];
}

export type Due = 'new' | 'still' | 'over';

/** Why people are to be told of it now; undefined: they are not. */
export function due(alert: Alert, nowMs: number, cooldownMs: number): Due | undefined {
  const { overAt, saidAt, seen, unseen, looks, level } = alert;
  if (overAt !== undefined) return 'over';
  if (saidAt === undefined) return seen >= looks ? 'new' : undefined;
  if (unseen > 0) return undefined;
  // What can wait until the morning is not told every half hour of the night.
  const again = level === 'critical' ? cooldownMs : Math.max(cooldownMs, DAY_MS);
  return nowMs - Date.parse(saidAt) >= again ? 'still' : undefined;
}

/** People were told of these: what is over leaves the book. */
export const told = (book: readonly Alert[], said: readonly Alert[], nowMs: number): Alert[] =>
  book.flatMap((alert) => {
    if (!said.includes(alert)) return [alert];
    return alert.overAt === undefined ? [{ ...alert, saidAt: iso(nowMs) }] : [];
  });

/** What is wrong, as far as anybody was to hear of it. */
export const standing = (book: readonly Alert[]): Alert[] =>
  book.filter(
    ({ overAt, seen, looks, saidAt }) => overAt === undefined && (saidAt !== undefined || seen >= looks),
  );
