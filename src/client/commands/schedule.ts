// `clincher schedule ls|sync|pause|resume|trigger`: what starts by itself, as the configuration says and as Temporal has it.
import { serverNames } from '../../config/load.js';
import { ClincherError } from '../../errors.js';
import type { ScheduleAct, ScheduleChanges } from '../../model.js';
import type { Command } from '../deps.js';
import { who } from '../input.js';
import { isJson } from '../options.js';
import { plannedSchedules, RUNBOOKS, scheduleId } from '../planned-schedules.js';
import { configOf, type ServerOptions, serversToChange, serversToRead } from '../servers.js';
import { document, print } from '../view/json.js';
import { schedulesView } from '../view/schedules.js';
import { answering } from '../view/style.js';

export const scheduleLs: Command<ServerOptions> = async (io, options, deps) => {
  const config = configOf(io, options);
  const servers = serversToRead(io, config, options);
  const planned = plannedSchedules(config, servers);
  const { control } = await deps.openSession(io, { config });
  try {
    const seen = (await control.schedules(config.path)).filter(({ server }) =>
      servers.some(({ name }) => name === server),
    );
    if (isJson(options)) {
      const rows = seen.map(({ hash, ...each }) => ({
        ...each,
        isCurrent: planned.some((plan) => plan.hash === hash),
      }));
      io.out(print(document('schedules', { schedules: rows, missing: absent(planned, seen) })));
    } else io.out(`${schedulesView(planned, seen, answering(io), deps.now()).join('\n')}\n`);
    return 0;
  } finally {
    await control.close();
  }
};

const absent = (planned: readonly { id: string }[], seen: readonly { id: string }[]): string[] =>
  planned.map(({ id }) => id).filter((id) => !seen.some((each) => each.id === id));

export const scheduleSync: Command<ServerOptions> = async (io, options, deps) => {
  const read = configOf(io, options);
  const names = options.server?.length ? options.server : ['all'];
  const named = serversToChange(io, read, { ...options, server: names });
  // What a schedule starts is frozen when it is made: with the digests of now.
  const { ensureLocked } = await import('../../images/ensure-locked.js');
  const { config, servers } = await ensureLocked(io, read, named);
  const { control } = await deps.openSession(io, { config });
  try {
    const done = await control.syncSchedules(plannedSchedules(config, servers), {
      owner: config.path,
      synced: servers.map(({ name }) => name),
      configured: serverNames(config),
    });
    if (isJson(options)) io.out(print(document('schedule-sync', { ...done })));
    else io.out(`${said(done).join('\n')}\n`);
    io.err('Next: clincher schedule ls\n');
    return 0;
  } finally {
    await control.close();
  }
};

const said = ({ created, updated, removed, kept }: ScheduleChanges): string[] => [
  ...created.map((id) => `+ ${id}`),
  ...updated.map((id) => `~ ${id}`),
  ...removed.map((id) => `- ${id}`),
  `${created.length} made, ${updated.length} changed, ${removed.length} taken away, ${kept.length} as they were`,
];

export interface ScheduleActOptions extends ServerOptions {
  runbook: string;
  note?: string;
}

const act =
  (what: ScheduleAct, done: string): Command<ScheduleActOptions> =>
  async (io, options, deps) => {
    const config = configOf(io, options);
    const servers = serversToChange(io, config, options);
    const runbook = mustBeScheduled(options.runbook);
    const { control } = await deps.openSession(io, { config });
    try {
      for (const { name } of servers) {
        await control.actOnSchedule(
          scheduleId(name, runbook),
          what,
          options.note ?? `${what} by ${who(io.env)}`,
        );
        io.out(`${name} ${runbook} ${done}\n`);
      }
      return 0;
    } finally {
      await control.close();
    }
  };

export const schedulePause = act('pause', 'is paused; clincher schedule resume starts it again');
export const scheduleResume = act('resume', 'goes on');
export const scheduleTrigger = act('trigger', 'was started; clincher runs shows it');

function mustBeScheduled(runbook: string): string {
  if ((RUNBOOKS as readonly string[]).includes(runbook)) return runbook;
  throw new ClincherError(
    'USAGE',
    `"${runbook.slice(0, 40)}" has no schedule; there are ${RUNBOOKS.join(', ')}.`,
    {
      remedy: ['clincher schedule ls'],
    },
  );
}
