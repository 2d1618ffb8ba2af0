// A drill of a whole recovery, on a standby: a backup takes its place there, is asked what it knows, and all of it goes again.
import { judgeRecovery, judgeSilence } from '../checks/dr-drill.js';
import { judgeDrill } from '../checks/drill.js';
import * as program from '../commands/backup.js';
import { drills, remember } from '../commands/drill-records.js';
import { spoken } from '../commands/egress-log.js';
import { ClincherError } from '../errors.js';
import type { CheckResult, DrillRecord, Server, Span } from '../model.js';
import type { BackupInput, TaskInput, TaskResult } from './api.js';
import type { RecoveredInput } from './api-dr-drill.js';
import { read } from './backups.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';
import { claim } from './preflight.js';
import { jobBody } from './script.js';
import { taskJob } from './task-job.js';

const LOOK_MS = 6 * 60_000;
const UNDO_MS = 60 * 60_000;

export async function occupyStandby(deps: Deps, input: BackupInput, beat: Beat): Promise<TaskResult> {
  const meter = new Meter();
  const { id, log } = await read(deps, input, program.occupy, beat, meter);
  const said = /^(occupied by .*)$/m.exec(log)?.[1] ?? `occupied by ${id}`;
  return { changes: [{ what: said }], remote: meter.spans };
}

export async function askRecovered(
  deps: Deps,
  { server, whole, id, bootMs }: RecoveredInput,
  signal?: AbortSignal,
): Promise<{ checks: CheckResult[]; version?: string; remote: Span[] }> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const reads = [program.answers(id).command, spoken.read];
  const [answered, log] = await host.read(reads, { timeoutMs: LOOK_MS, signal });
  if (answered!.exitCode !== 0)
    throw new ClincherError(
      'BACKUP_INVALID',
      answered!.stdout.trim() || 'what was recovered does not answer',
    );
  const drill = { ...program.drilled(answered!.stdout), bootMs };
  const checks = [...judgeDrill(drill, server), judgeSilence(spoken.parse(log!), server, whole)];
  const version = drill.answer?.version;
  return { checks, ...(version === undefined ? {} : { version }), remote: meter.spans };
}

export async function vacateStandby(deps: Deps, input: TaskInput, beat: Beat): Promise<TaskResult> {
  const meter = new Meter();
  const host = await deps.hosts.open(input.server, meter);
  await claim(deps, host, input);
  const job = { actions: [program.vacate], timeoutMs: UNDO_MS, otherwise: 'BACKUP_FAILED' } as const;
  const log = await taskJob(deps, host, input, job, beat);
  return { changes: [{ what: log.trim().split('\n').at(-1) ?? 'vacated' }], remote: meter.spans };
}

export async function noteRecovery(
  deps: Deps,
  { server, record }: { server: Server; record: DrillRecord },
  signal?: AbortSignal,
): Promise<{ checks: CheckResult[]; drills: DrillRecord[]; remote: Span[] }> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const checks = judgeRecovery(record, server);
  const late = checks.flatMap(({ id, verdict }) => (verdict === 'fail' ? [id] : []));
  const failed = [...new Set([...record.failed, ...late])];
  const { code, stderr } = await host.script(jobBody([remember({ ...record, failed })]));
  if (code !== 0) throw new ClincherError('BACKUP_FAILED', `the drill cannot be noted: ${stderr.trim()}`);
  const [all] = await host.read([drills.read], { timeoutMs: LOOK_MS, signal });
  return { checks, drills: drills.parse(all!), remote: meter.spans };
}
