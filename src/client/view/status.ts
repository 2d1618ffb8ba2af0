// The servers at a glance; below them, most urgent last, every problem with the command that deals with it.
import type { RunState } from '../../model.js';
import type { Health } from '../health.js';
import { giveUp, whoWaits } from '../waits.js';
import { alertLines } from './alerts.js';
import { answerCommand } from './gate.js';
import { glyph, RUN_MARKS, STEP_MARKS } from './glyphs.js';
import { isNarrow, paint, type View } from './style.js';
import { table } from './table.js';
import { bytes, safe } from './text.js';
import { ago, duration, runMs } from './time.js';

export function statusView(
  healths: readonly Health[],
  view: View,
  now: number,
  fleets: readonly RunState[] = [],
): string[] {
  const head = ['SERVER', 'HEALTH', 'DRIFT', 'LAST RUN', 'BACKUP', 'NEXT'].map((word) =>
    paint(view, 'dim', word),
  );
  const rows = healths.map((health) => [
    health.server,
    healthCell(health, view, now),
    driftCell(health, view, now),
    lastCell(health, view, now),
    backupCell(health, view, now),
    nextCell(health, view, now),
  ]);
  const shown = isNarrow(view) ? [head, ...rows].map((row) => row.slice(0, 3)) : [head, ...rows];
  const urgent = [...fleets.map(fleetLine), ...problems(healths, now)];
  return [...table(shown, view), ...(urgent.length > 0 ? ['', ...urgent] : [])];
}

/** "fleet-3f2a: provision, 12 of 50 servers done, 1 failed   clincher follow fleet-3f2a" */
function fleetLine({ run, fleet }: RunState): string {
  const members = fleet?.members ?? [];
  const count = (...are: string[]): number => members.filter(({ status }) => are.includes(status)).length;
  const failed = count('failed', 'aborted');
  const tail = failed > 0 ? `, ${failed} failed` : '';
  return `${run}: ${safe(fleet?.runbook ?? '')}, ${count('done')} of ${members.length} servers done${tail}   clincher follow ${run}`;
}

function healthCell(health: Health, view: View, now: number): string {
  const { reach, seenAt } = health;
  if (reach === 'unknown' || !seenAt) return `${glyph(view, STEP_MARKS.unknown)} never reached`;
  if (reach === 'unreachable')
    return `${glyph(view, STEP_MARKS.unreachable)} unreachable ${ago(seenAt, now)}`;
  const alerts = health.watch?.alerts ?? [];
  if (alerts.length === 0) return `${glyph(view, STEP_MARKS.ok)} reachable ${ago(seenAt, now)}`;
  const mark = alerts.some(({ level }) => level === 'critical') ? STEP_MARKS.failed : STEP_MARKS.unknown;
  return `${glyph(view, mark)} ${alerts.length} alert${alerts.length === 1 ? '' : 's'} ${ago(seenAt, now)}`;
}

function driftCell({ drift, drifted, driftAt }: Health, view: View, now: number): string {
  const when = driftAt ? ` ${ago(driftAt, now)}` : '';
  if (drift === 'unknown') return `${glyph(view, STEP_MARKS.unknown)} unknown`;
  if (drift === 'none') return `${glyph(view, STEP_MARKS.ok)} none${when}`;
  return `${glyph(view, STEP_MARKS.failed)} ${drifted.length} step${drifted.length === 1 ? '' : 's'}${when}`;
}

function lastCell({ last, lastState }: Health, view: View, now: number): string {
  if (!last) return nothing(view);
  const status = lastState?.status ?? last.status;
  const mark = RUN_MARKS[status];
  const took = last.endedAt ? ` (${duration(runMs(last, now))})` : '';
  const word = status === 'done' ? '' : ` ${mark.word}`;
  return `${glyph(view, mark)} ${safe(last.runbook)}${word} ${ago(last.startedAt, now)}${took}  ${last.run}`;
}

/** A night, a day, and as long as one may take. */
const LATE_MS = 36 * 3600_000;

/** Late when it was looked at: what the server has made since then nobody here knows. */
function backupCell({ backup }: Health, view: View, now: number): string {
  if (!backup) return nothing(view);
  const { at, bytes: size, verifiedAt, seenAt } = backup;
  const isLate = Date.parse(seenAt) - Date.parse(at) > LATE_MS;
  const mark = isLate ? STEP_MARKS.failed : verifiedAt ? STEP_MARKS.ok : STEP_MARKS.unknown;
  return `${glyph(view, mark)} ${ago(at, now)} ${bytes(size)}${verifiedAt ? '' : ', never read'}`;
}

/** Who waits comes before whatever a schedule starts. */
function nextCell({ next, waiting }: Health, view: View, now: number): string {
  const [first, ...more] = waiting;
  if (first) return `${safe(first.runbook)} waits${more.length > 0 ? ` (+${more.length})` : ''}`;
  if (!next) return nothing(view);
  const left = Date.parse(next.at) - now;
  return `${safe(next.runbook)} ${left > 0 ? `in ${duration(left)}` : 'now'}`;
}

const nothing = (view: View): string => paint(view, 'dim', view.ascii ? '-' : '–');

function problems(healths: readonly Health[], now: number): string[] {
  const drifted = healths.filter((one) => one.drift === 'drift');
  const unreachable = healths.filter((one) => one.reach === 'unreachable');
  const failed = healths.filter((one) => one.last?.status === 'failed');
  const queued = healths.flatMap((one) => one.waiting);
  const waiting = healths.flatMap((one) =>
    (one.lastState?.gates ?? []).map((gate) => ({ gate, state: one.lastState! })),
  );
  return [
    ...queued.map((one) => `${one.server} waits its turn: ${safe(whoWaits(one, now))}   ${giveUp(one)}`),
    ...drifted.map(
      (one) =>
        `${one.server} drift: ${one.drifted.slice(0, 3).map(safe).join(', ')}${one.drifted.length > 3 ? ', …' : ''}   clincher plan -s ${one.server} --diff`,
    ),
    ...failed.map(
      (one) =>
        `${one.server} ${safe(one.last!.runbook)} failed: ${safe(one.lastState?.error?.message ?? '')}   clincher show ${one.last!.run}`,
    ),
    ...unreachable.map((one) => `${one.server} is unreachable   clincher doctor -s ${one.server}`),
    ...healths.flatMap(({ watch }) => (watch ? alertLines(watch, now) : [])),
    ...waiting.map(
      ({ gate, state }) =>
        `${state.server} waits: ${safe(gate.id)} ${ago(gate.openedAt, now)}   ${answerCommand(gate, state)}`,
    ),
  ];
}
