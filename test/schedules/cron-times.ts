// Every instant at which the clocks of a time zone show what a cron expression of ours asks for.
import { CRON_RANGES } from '../../src/config/fields-stack.js';

/** Half-open: `from` is in it, `to` is not. Milliseconds since 1970. */
export interface Range {
  from: number;
  to: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Every zone's offset is of whole quarters of an hour. */
const QUARTER = 15 * MINUTE;

/**
 * An hour that a change of the clocks leaves out does not happen; of one that it repeats only the second counts. So does Temporal
 * east of Greenwich (test/real/control.test.ts asks it). What it makes of that hour elsewhere is not modelled.
 */
export function cronTimes(cron: string, timeZone: string, { from, to }: Range): number[] {
  const [isMinute, isHour, isDay, isMonth, isWeekday] = matchers(cron);
  const offset = offsets(timeZone);
  const found: number[] = [];
  const isDue = (at: number): boolean => {
    const wall = new Date(at + offset(at));
    const weekday = wall.getUTCDay();
    return (
      isHour(wall.getUTCHours()) &&
      isDay(wall.getUTCDate()) &&
      isMonth(wall.getUTCMonth() + 1) &&
      (isWeekday(weekday) || (weekday === 0 && isWeekday(7))) &&
      // Else the clocks will show this again.
      offset(at + HOUR) >= offset(at)
    );
  };
  for (let quarter = Math.floor(from / QUARTER) * QUARTER; quarter < to; quarter += QUARTER) {
    if (!isDue(quarter)) continue;
    const first = new Date(quarter + offset(quarter)).getUTCMinutes();
    for (let more = 0; more < 15; more++) if (isMinute(first + more)) found.push(quarter + more * MINUTE);
  }
  return found.filter((at) => at >= from && at < to);
}

type Matcher = (value: number) => boolean;
type Matchers = [Matcher, Matcher, Matcher, Matcher, Matcher];

const matchers = (cron: string): Matchers =>
  cron.split(/\s+/).map((field, i) => matcher(field, CRON_RANGES[i]!)) as Matchers;

function matcher(field: string, [least, most]: readonly [number, number]): Matcher {
  const parts = field.split(',').map((part) => {
    const [range = '', step] = part.split('/');
    const [from = '', to] = range === '*' ? [String(least), String(most)] : range.split('-');
    // `5/10` goes on to the end, `5` is 5 alone.
    const last = Number(to ?? (step === undefined ? from : most));
    return { first: Number(from), last, step: Number(step ?? 1) };
  });
  return (value) =>
    parts.some(({ first, last, step }) => value >= first && value <= last && (value - first) % step === 0);
}

/** By how much the clocks of a place are ahead. To ask is dear, so it is asked once a day, but for the days on which they change. */
function offsets(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const exact = (at: number): number => {
    const { value = '' } = format.formatToParts(at).find(({ type }) => type === 'timeZoneName') ?? {};
    const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(value) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE;
  };
  let [day, before, after] = [Number.NaN, 0, 0];
  return (at) => {
    const now = Math.floor(at / DAY);
    if (now !== day) [day, before, after] = [now, exact(now * DAY), exact((now + 1) * DAY)];
    return before === after ? before : exact(at);
  };
}
