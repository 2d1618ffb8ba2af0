// What is wrong, as the watchdog knows it, in lines: each with what deals with it.
import type { Alert, WatchSeen } from '../../model.js';
import { glyph, STEP_MARKS } from './glyphs.js';
import { paint, type View } from './style.js';
import { table } from './table.js';
import { safe } from './text.js';
import { ago } from './time.js';

const HALF_HOUR_MS = 30 * 60_000;

/** It should have looked again long ago. */
export const isStale = ({ at, everyMs = 0 }: WatchSeen, now: number): boolean =>
  now - Date.parse(at) > Math.max(HALF_HOUR_MS, 3 * everyMs);

const line = (server: string, { level, text, remedy }: Alert, since: string): string =>
  `${server} ${level}: ${safe(text)} (${since})${remedy[0] === undefined ? '' : `   ${safe(remedy[0])}`}`;

/** The worst last, as `status` has it. */
export function alertLines(seen: WatchSeen, now: number): string[] {
  const { server, alerts, deaf, pingFailed } = seen;
  const sorted = [...alerts].sort((a, b) => rank(a) - rank(b));
  return [
    ...(isStale(seen, now) ? [`${server} was last looked at ${ago(seen.at, now)}   clincher doctor`] : []),
    ...deaf.map(
      ({ channel, why, since }) =>
        `${server} cannot tell you by ${safe(channel)}: ${safe(why)} (${ago(since, now)})   clincher alerts test -s ${server}`,
    ),
    ...(pingFailed === undefined ? [] : [`${server}: ${safe(pingFailed)}   clincher docs PING_FAILED`]),
    ...sorted.map((alert) => line(server, alert, ago(alert.since, now))),
  ];
}

const rank = ({ level }: Alert): number => (level === 'critical' ? 1 : 0);

/** A row an alert; a server without one has one too, so that nobody takes silence for health. */
export function alertsView(
  servers: readonly string[],
  watches: readonly WatchSeen[],
  view: View,
  now: number,
): string[] {
  const head = ['SERVER', 'LOOKED', 'ALERT', 'SINCE', 'TOLD'].map((word) => paint(view, 'dim', word));
  const rows = servers.flatMap((server) => {
    const seen = watches.find((each) => each.server === server);
    if (seen === undefined)
      return [[server, 'never', `${glyph(view, STEP_MARKS.unknown)} no look yet`, '', '']];
    const looked = ago(seen.at, now);
    if (seen.alerts.length === 0) return [[server, looked, `${glyph(view, STEP_MARKS.ok)} none`, '', '']];
    return seen.alerts.map((alert) => row(server, looked, alert, view, now));
  });
  const below = watches.flatMap((seen) => alertLines({ ...seen, alerts: [] }, now));
  return [...table([head, ...rows], view), ...(below.length > 0 ? ['', ...below] : [])];
}

const row = (server: string, looked: string, alert: Alert, view: View, now: number): string[] => [
  server,
  looked,
  `${glyph(view, alert.level === 'critical' ? STEP_MARKS.failed : STEP_MARKS.unknown)} ${safe(alert.text)}`,
  ago(alert.since, now),
  alert.saidAt === undefined ? 'nobody yet' : ago(alert.saidAt, now),
];
