// One message a look, however much is wrong: what is new first, then what is over, then what still is.
import type { Alert, Notice } from '../model.js';
import { type Due, due } from './alert-book.js';
import { shortened } from './notices.js';

const ORDER: readonly Due[] = ['new', 'over', 'still'];

interface Said {
  alert: Alert;
  why: Due;
}

export interface Message {
  notice: Notice;
  /** What it tells of. */
  said: Alert[];
}

/** Undefined: there is nothing to tell. */
export function message(
  server: string,
  book: readonly Alert[],
  nowMs: number,
  cooldownMs: number,
): Message | undefined {
  const all = book
    .flatMap((alert): Said[] => {
      const why = due(alert, nowMs, cooldownMs);
      return why === undefined ? [] : [{ alert, why }];
    })
    .sort((a, b) => rank(a) - rank(b));
  const [first] = all;
  if (first === undefined) return undefined;
  return { notice: notice(server, all, first, nowMs), said: all.map(({ alert }) => alert) };
}

const rank = ({ alert: { level }, why }: Said): number =>
  2 * ORDER.indexOf(why) + (level === 'critical' ? 0 : 1);

function notice(server: string, all: readonly Said[], first: Said, nowMs: number): Notice {
  const open = all.filter(({ why }) => why !== 'over');
  const isCritical = open.some(({ alert }) => alert.level === 'critical');
  return {
    server,
    level: open.length === 0 ? 'info' : isCritical ? 'critical' : 'warning',
    title: all.length === 1 ? headline(first) : `${counts(all)}: ${headline(first)}`,
    lines: [
      ...shortened(all.map((each) => line(each, nowMs))),
      ...(open.length > 0 ? first.alert.remedy.slice(0, 2) : []),
      `clincher alerts ls -s ${server}`,
    ],
  };
}

const headline = ({ alert, why }: Said): string => (why === 'over' ? `over: ${alert.text}` : alert.text);

const counts = (all: readonly Said[]): string =>
  ORDER.flatMap((why) => {
    const count = all.filter((each) => each.why === why).length;
    return count === 0 ? [] : [`${count} ${why}`];
  }).join(', ');

const line = ({ alert, why }: Said, nowMs: number): string =>
  `${why}: ${alert.level} ${alert.text}${why === 'new' ? '' : ` (${span(nowMs - Date.parse(alert.since))})`}`;

/** As people say it. */
export function span(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
