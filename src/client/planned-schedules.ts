// Which schedules the configuration asks for: one a server and runbook, with all that a run is started with.
import { createHash } from 'node:crypto';
import type { Config } from '../config/load.js';
import type { PlannedSchedule, ScheduledRunbook, Server } from '../model.js';
import { checklistsOf, findRunbook, isStandIn, runsServices } from '../workflows/catalog.js';
import { vantageOf } from './vantage.js';

interface Policy {
  jitterSeconds: number;
  catchupSeconds: number;
  patienceSeconds: number;
  /** What takes no turn on the server. */
  starts?: 'watch';
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** A missed drill is made up for within the week, a missed rotation within the day, a missed look not at all. */
const POLICIES: Record<ScheduledRunbook, Policy> = {
  verify: { jitterSeconds: 600, catchupSeconds: HOUR, patienceSeconds: 0 },
  'drift-report': { jitterSeconds: 600, catchupSeconds: DAY, patienceSeconds: 0 },
  'scan-images': { jitterSeconds: 600, catchupSeconds: DAY, patienceSeconds: 0 },
  'verify-backup': { jitterSeconds: 300, catchupSeconds: 2 * DAY, patienceSeconds: 6 * HOUR },
  'restore-drill': { jitterSeconds: 300, catchupSeconds: 7 * DAY, patienceSeconds: 12 * HOUR },
  'dr-drill': { jitterSeconds: 300, catchupSeconds: 7 * DAY, patienceSeconds: 12 * HOUR },
  memory: { jitterSeconds: 300, catchupSeconds: 7 * DAY, patienceSeconds: 12 * HOUR },
  'rotate-token': { jitterSeconds: 300, catchupSeconds: DAY, patienceSeconds: 12 * HOUR },
  'stage-standby': { jitterSeconds: 300, catchupSeconds: DAY, patienceSeconds: 12 * HOUR },
  // The next one is an hour away.
  egress: { jitterSeconds: 60, catchupSeconds: HOUR, patienceSeconds: HOUR / 2 },
  // Two hundred servers are not looked at in one second; one that was missed is not looked at any more.
  watchdog: { jitterSeconds: 60, catchupSeconds: 60, patienceSeconds: 0, starts: 'watch' },
};

export const RUNBOOKS = Object.keys(POLICIES) as ScheduledRunbook[];

export const scheduleId = (server: string, runbook: string): string =>
  `clincher/${server}/schedule/${runbook}`;

export const plannedSchedules = (config: Config, servers: readonly Server[]): PlannedSchedule[] =>
  servers.flatMap((server) =>
    RUNBOOKS.filter((runbook) => isWanted(runbook, server)).map((runbook) =>
      planned(config, server, runbook),
    ),
  );

const ONLY_WHERE: Partial<Record<ScheduledRunbook, (server: Server) => boolean>> = {
  'stage-standby': isStandIn,
  memory: ({ memory }) => memory.enabled,
  egress: ({ stack }) => stack.egress.extra_domains.some(({ expires }) => expires !== undefined),
};

const isWanted = (runbook: ScheduledRunbook, server: Server): boolean =>
  server.schedules[runbook] !== 'off' &&
  (!findRunbook(runbook)?.needsGateway || runsServices(server)) &&
  (!findRunbook(runbook)?.needsStandIn || isStandIn(server)) &&
  (ONLY_WHERE[runbook]?.(server) ?? true);

/** They take no lock. */
const looksOnly = (runbook: ScheduledRunbook): boolean => findRunbook(runbook)?.mutating === false;

function planned(config: Config, server: Server, runbook: ScheduledRunbook): PlannedSchedule {
  const plan = {
    id: scheduleId(server.name, runbook),
    server: server.name,
    runbook,
    cron: server.schedules[runbook],
    timezone: server.schedules.timezone,
    starts: 'scheduled' as const,
    ...POLICIES[runbook],
    readOnly: looksOnly(runbook),
    input: inputOf(config, server, runbook),
  };
  return { ...plan, hash: createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 16) };
}

/** Nobody is there to answer: what fails ends the run, and `clincher status` and `runs` tell it. */
function inputOf(config: Config, server: Server, runbook: ScheduledRunbook): PlannedSchedule['input'] {
  const input = { server, who: 'schedule', onFailure: 'abort' as const };
  if (runbook !== 'verify' && runbook !== 'drift-report') return input;
  const checklists = checklistsOf(findRunbook('provision')!, server);
  if (runbook === 'drift-report') return { ...input, checklists } as typeof input;
  return { ...input, checklists, prove: { outside: vantageOf(config, server, undefined) } } as typeof input;
}
