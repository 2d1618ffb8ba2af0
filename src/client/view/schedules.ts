// What starts by itself: when next, when last, and where Temporal has something else than the configuration says.
import type { PlannedSchedule, ScheduleSeen } from '../../model.js';
import { paint, type View } from './style.js';
import { table } from './table.js';
import { safe } from './text.js';
import { ago, duration } from './time.js';

export function schedulesView(
  planned: readonly PlannedSchedule[],
  seen: readonly ScheduleSeen[],
  view: View,
  at: number,
): string[] {
  const absent = planned.filter(({ id }) => !seen.some((each) => each.id === id));
  const rows = [
    ...seen.map((each) => row(each, planned, view, at)),
    ...absent.map(({ server, runbook, cron, timezone }) => [
      ...[server, runbook, `${cron} ${timezone}`, '', ''],
      paint(view, 'yellow', 'not made yet'),
    ]),
  ];
  if (rows.length === 0) return ['nothing is scheduled'];
  const isStale = absent.length > 0 || seen.some((each) => !isCurrent(each, planned));
  return [
    ...table([['SERVER', 'RUNBOOK', 'WHEN', 'NEXT', 'LAST', 'STATE'], ...rows], view),
    ...(isStale ? ['Bring them up to date: clincher schedule sync'] : []),
  ];
}

const isCurrent = ({ id, hash }: ScheduleSeen, planned: readonly PlannedSchedule[]): boolean =>
  planned.some((plan) => plan.id === id && plan.hash === hash);

function row(each: ScheduleSeen, planned: readonly PlannedSchedule[], view: View, at: number): string[] {
  const { server, runbook, cron, timezone, next, last } = each;
  return [
    ...[server, runbook, `${cron} ${timezone}`],
    next === undefined || each.paused ? '' : `in ${duration(Date.parse(next) - at)}`,
    last === undefined ? 'never' : ago(last, at),
    state(each, isCurrent(each, planned), view),
  ];
}

function state({ paused, note, missed }: ScheduleSeen, current: boolean, view: View): string {
  if (paused) return paint(view, 'yellow', `paused: ${safe(note)}`);
  if (!current) return paint(view, 'yellow', 'older than clincher.yaml');
  return missed > 0 ? `${missed} missed` : 'ok';
}
