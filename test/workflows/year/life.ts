// What happens to one server in a year, as data: what its schedules start, what it does by itself, what a person does.
import type { ScheduleOptions } from '@temporalio/client';
import type { PlannedSchedule, RunInput, Server } from '../../../src/model.js';
import { backupFiles } from '../../../src/steps/backup-files.js';
import type { LookInput } from '../../../src/workflows/look.js';
import { cronTimes, type Range } from '../../schedules/cron-times.js';
import { workedOff } from '../../schedules/occurrences.js';

/** `run`: a workflow that is started; `timer`: the host's own, which asks no control plane. */
export type Event =
  | { at: number; what: 'timer' }
  | { at: number; what: 'run'; workflow: string; id: string; input: unknown };

/** By a person, at noon, without the leave of any schedule. */
const BY_HAND = { runbook: 'backup', when: '0 12 15 * *' };

/** Whatever else happens to a server in a year is one line here. */
export const life = (
  server: Server,
  schedules: readonly ScheduleOptions[],
  year: Range,
  outage: Range,
): Event[] =>
  [
    ...schedules.flatMap((options) => scheduled(options, year, outage)),
    ...hostTimer(server, year),
    ...byHand(server, year),
  ].sort((one, other) => one.at - other.at);

/** What is due at the same instant. */
export function moments(events: readonly Event[]): Event[][] {
  const at = new Map<number, Event[]>();
  for (const event of events) at.set(event.at, [...(at.get(event.at) ?? []), event]);
  return [...at.values()];
}

const scheduled = (options: ScheduleOptions, year: Range, outage: Range): Event[] =>
  workedOff(options, year, outage).started.map(({ at, nominal }) => {
    const { workflowType, workflowId, args } = options.action;
    // Temporal gives each its time as suffix.
    const id = `${workflowId}-${new Date(nominal).toISOString()}`;
    return { at, what: 'run', workflow: String(workflowType), id, input: brief(args?.[0]) };
  });

/** What a look reads is not what a year is about, and takes most of its seconds: one checklist instead of all. */
const brief = (plan: PlannedSchedule): PlannedSchedule => {
  const { checklists = [], prove: _, ...input } = plan.input as PlannedSchedule['input'] & LookInput;
  return checklists.length === 0
    ? plan
    : { ...plan, input: { ...input, checklists: checklists.slice(0, 1) } as RunInput };
};

/** As the unit says that the server gets. Its clocks are those of its schedules here. */
function hostTimer(server: Server, year: Range): Event[] {
  const unit = backupFiles(server).find(({ path }) => path.endsWith('.timer'))?.content ?? '';
  const [, hour, minute] = /^OnCalendar=\*-\*-\* (\d\d):(\d\d):00$/m.exec(unit) ?? [];
  if (hour === undefined) throw new Error(`a timer of another form: ${unit}`);
  const cron = `${Number(minute)} ${Number(hour)} * * *`;
  return cronTimes(cron, server.schedules.timezone, year).map((at) => ({ at, what: 'timer' }));
}

const byHand = (server: Server, year: Range): Event[] =>
  cronTimes(BY_HAND.when, server.schedules.timezone, year).map((at) => ({
    ...{ at, what: 'run', workflow: BY_HAND.runbook, id: `clincher/${server.name}/op` },
    input: { server, who: 'ada@desk', onFailure: 'abort' },
  }));
