// Copies backups to the far end. Whatever becomes of that, the backups of the server are as they were.
import { judgeCopies } from '../checks/offsite.js';
import { backups, offsite, type There, there } from '../commands/backup.js';
import { copiesOf } from '../commands/offsite-copies.js';
import { OFFSITE_EXIT } from '../commands/offsite-program.js';
import { ClincherError, type ErrorCode } from '../errors.js';
import type { OffsiteSeen, Reading, Server } from '../model.js';
import { farEnd } from '../steps/offsite-files.js';
import type { BackupsResult, DrillResult, TaskInput } from './api.js';
import { list } from './backups.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { lastLines, Meter } from './host.js';
import { claim } from './preflight.js';
import { taskJob } from './task-job.js';

/** As long as all of them may take over a slow line. */
const WORK_MS = 24 * 60 * 60_000;
const CODES: Record<number, ErrorCode> = {
  [OFFSITE_EXIT.away]: 'OFFSITE_FAILED',
  [OFFSITE_EXIT.differs]: 'OFFSITE_DIFFERS',
};

export async function copyOffsite(
  deps: Deps,
  input: TaskInput & { all: boolean },
  beat: Beat,
): Promise<DrillResult & BackupsResult> {
  const meter = new Meter();
  const host = await deps.hosts.open(input.server, meter);
  await claim(deps, host, input);
  const job = {
    actions: [offsite(input.all)],
    timeoutMs: WORK_MS,
    codes: CODES,
    otherwise: 'OFFSITE_FAILED',
  } as const;
  const done = await taskJob(deps, host, input, job, beat).catch(farEndFailed);
  const backups = await list(host, beat.signal);
  const [said = ''] = typeof done === 'string' ? lastLines(done, 1) : [done.message];
  return { checks: judgeCopies(done, input.server), backups, changes: [{ what: said }], remote: meter.spans };
}

/** Rclone's own time-outs end it before. */
const LOOK_MS = 150_000;

export async function listCopies(
  deps: Deps,
  { server }: { server: Server },
  signal?: AbortSignal,
): Promise<BackupsResult & { offsite: OffsiteSeen }> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const [kept, far] = await host.read([backups.read, there.read], { timeoutMs: LOOK_MS, signal });
  const here = backups.parse(kept!);
  const { where } = farEnd(server);
  return {
    backups: here,
    offsite: { where, copies: copiesOf(here, seen(far!, server)) },
    remote: meter.spans,
  };
}

function seen(far: Reading, server: Server): There {
  try {
    return there.parse(far);
  } catch (error) {
    const { where } = farEnd(server);
    throw new ClincherError('OFFSITE_UNREACHABLE', `${server.name} cannot ask ${where} for its copies`, {
      evidence: [(error as Error).message],
    });
  }
}

/** A host that was lost is another matter. */
function farEndFailed(error: unknown): ClincherError {
  if (error instanceof ClincherError && Object.values(CODES).includes(error.code)) return error;
  throw error;
}
