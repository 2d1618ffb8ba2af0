// Makes a backup and reads one to its end: tasks, done once whatever is lost on the way. The data stays on the host.
import { judgeDrill } from '../checks/drill.js';
import * as program from '../commands/backup.js';
import { EXIT } from '../commands/backup-program.js';
import { drills, remember } from '../commands/drill-records.js';
import { ClincherError, type ErrorCode } from '../errors.js';
import type {
  Action,
  Backup,
  CheckResult,
  Command,
  DrillRecord,
  Reading,
  SecretRef,
  Server,
} from '../model.js';
import { backupKey } from '../steps/backup-files.js';
import type { BackupInput, BackupResult, BackupsResult, DrillResult, TaskResult } from './api.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { type Host, Meter } from './host.js';
import { claim } from './preflight.js';
import { jobBody } from './script.js';
import { filled } from './secret-tokens.js';
import { type TaskJob, taskJob } from './task-job.js';

/** Terabytes through age on a small host. */
const WORK_MS = 6 * 60 * 60_000;
const LIST_MS = 60_000;

export async function listBackups(
  deps: Deps,
  { server }: { server: Server },
  signal?: AbortSignal,
): Promise<BackupsResult> {
  const meter = new Meter();
  const host = await deps.hosts.open(server, meter);
  const reads = [program.backups.read, drills.read];
  const [kept, drilled] = await host.read(reads, { timeoutMs: LIST_MS, signal });
  return { backups: listed(kept), drills: drills.parse(drilled!), remote: meter.spans };
}

/** A server without the program has none. */
const listed = (reading: Reading | undefined): Backup[] =>
  reading?.exitCode === 127 ? [] : program.backups.parse(reading!);

export async function list(host: Host, signal: AbortSignal | undefined): Promise<Backup[]> {
  const [reading] = await host.read([program.backups.read], { timeoutMs: LIST_MS, signal });
  return listed(reading);
}

/** A retry finds the job that was begun; a job that is gone (the host was restarted) finds the backup by its key. */
export async function makeBackup(deps: Deps, input: BackupInput, beat: Beat): Promise<BackupResult> {
  const meter = new Meter();
  const host = await deps.hosts.open(input.server, meter);
  await claim(deps, host, input);
  await work(deps, host, input, program.make(input.key), beat, program.tidy);
  const made = program.madeBy(await list(host, beat.signal), input.key);
  if (made === undefined)
    throw new ClincherError(
      'BACKUP_FAILED',
      `${input.server.name} says that it made a backup, and has none of this run`,
    );
  return { backup: made, changes: [{ what: madeTitle(made) }], remote: meter.spans };
}

const madeTitle = ({ id, manifest }: Backup): string =>
  `backup ${id}: ${manifest?.bytes} bytes of ${manifest?.contentBytes}, writers were paused for ${manifest?.pauseMs} ms`;

/** The newest, or the one that is named. */
export async function checkBackup(deps: Deps, input: BackupInput, beat: Beat): Promise<BackupResult> {
  const meter = new Meter();
  const { id, host } = await read(deps, input, program.check, beat, meter);
  const backup = (await list(host, beat.signal)).find((each) => each.id === id);
  if (backup?.verified === undefined)
    throw new ClincherError(
      'BACKUP_FAILED',
      `${input.server.name} says that it verified ${id}, and has not noted it`,
    );
  const what = `backup ${id} was read to its end: ${backup.verified.entries} entries`;
  return { backup, changes: [{ what }], remote: meter.spans };
}

export async function drillBackup(deps: Deps, input: BackupInput, beat: Beat): Promise<DrillResult> {
  const meter = new Meter();
  const host = await deps.hosts.open(input.server, meter);
  const { id, manifest } = chosen(await list(host, beat.signal), input);
  const about = {
    ...{ at: new Date(deps.now()).toISOString(), run: input.run, backup: id },
    contentBytes: manifest?.contentBytes,
  };
  const { log } = await read(deps, { ...input, id }, program.drill, beat, meter).catch(async (error) => {
    if (error instanceof ClincherError && FAILED.includes(error.code))
      await noted(host, { ...about, failed: [error.code] });
    throw error;
  });
  const { restoreMs, bootMs, ...drill } = program.drilled(log);
  const checks = judgeDrill({ ...drill, restoreMs, bootMs }, input.server);
  const version = drill.answer?.version;
  await noted(host, { ...about, restoreMs, bootMs, version, failed: checks.flatMap(missed) });
  const took = `${((restoreMs + bootMs) / 1000).toFixed(1)} s`;
  const what = `backup ${id} was restored beside the running stack and asked, ${took} until it was ready; nothing of it is left`;
  return { checks, changes: [{ what }], remote: meter.spans };
}

/** What a drill is there to find out; a lost connection is no finding. */
const FAILED: readonly ErrorCode[] = ['BACKUP_INVALID', 'BACKUP_FAILED', 'DISK_FULL'];

const missed = ({ id, verdict }: CheckResult): string[] =>
  verdict === 'fail' || verdict === 'unknown' ? [id] : [];

async function noted(host: Host, record: DrillRecord): Promise<void> {
  const { code, stderr } = await host.script(jobBody([remember(record)]));
  if (code !== 0) throw new ClincherError('BACKUP_FAILED', `the drill cannot be noted: ${stderr.trim()}`);
}

/** Where it is not on the server yet, it is brought back from the far end. */
export async function fetchBackup(
  deps: Deps,
  input: BackupInput & { id: string },
  beat: Beat,
): Promise<BackupResult> {
  const meter = new Meter();
  const { server, id } = input;
  const host = await deps.hosts.open(server, meter);
  await claim(deps, host, input);
  const job: TaskJob = {
    actions: [program.fetch(id)],
    after: program.tidy,
    timeoutMs: WORK_MS,
    codes: CODES,
    otherwise: 'OFFSITE_FAILED',
  };
  await taskJob(deps, host, input, job, beat);
  const backup = (await list(host, beat.signal)).find((each) => each.id === id);
  if (backup === undefined)
    throw new ClincherError(
      'OFFSITE_FAILED',
      `${server.name} says that it fetched ${id}, and has no such backup`,
    );
  return { backup, changes: [{ what: `backup ${id} is here, ${backup.bytes} bytes` }], remote: meter.spans };
}

/** The newest of the far end, which the standby then can open: what cannot be read is found today. */
export async function pullCopies(deps: Deps, input: BackupInput, beat: Beat): Promise<TaskResult> {
  const meter = new Meter();
  const host = await deps.hosts.open(input.server, meter);
  await claim(deps, host, input);
  const job: TaskJob = {
    actions: [program.pull],
    after: program.tidy,
    timeoutMs: WORK_MS,
    codes: CODES,
    otherwise: 'OFFSITE_FAILED',
  };
  const said = (await taskJob(deps, host, input, job, beat)).trim().split('\n').at(-1) ?? '';
  const newest = (await list(host, beat.signal)).at(-1);
  if (newest === undefined || newest.verified !== undefined)
    return { changes: newest ? [] : [{ what: said }], remote: meter.spans };
  const checked = { ...input, key: `${input.key}.check`, id: newest.id };
  await read(deps, checked, program.check, beat, meter);
  return { changes: [{ what: `${newest.id} is here, and was read to its end` }], remote: meter.spans };
}

/** What is in it takes its place on a server that has no state of its own yet; once, however often it is asked. */
export async function recoverState(deps: Deps, input: BackupInput, beat: Beat): Promise<TaskResult> {
  const meter = new Meter();
  const { id, log } = await read(deps, input, program.recover, beat, meter);
  const said = /^(recovered .*|.* is in its place already)$/m.exec(log)?.[1] ?? `recovered ${id}`;
  return { changes: [{ what: said }], remote: meter.spans };
}

/** It opens with the key of today: read to its end where that had to be made so. */
export async function rewrapBackup(deps: Deps, input: BackupInput, beat: Beat): Promise<BackupResult> {
  const meter = new Meter();
  const { id, host, log } = await read(deps, input, program.rewrap, beat, meter);
  const backup = (await list(host, beat.signal)).find((each) => each.id === id);
  if (backup === undefined)
    throw new ClincherError('BACKUP_FAILED', `${input.server.name} has no backup ${id} any more`);
  const what = `backup ${id} ${log.includes('already') ? 'opens with the new key already' : 'was encrypted anew, and read to its end with the new key'}`;
  return { backup, changes: [{ what }], remote: meter.spans };
}

/** What opens a backup: the key, and those of before, come from the vault at the last moment. */
export async function read(
  deps: Deps,
  input: BackupInput,
  verb: (id: string, keys: readonly SecretRef[]) => Action,
  beat: Beat,
  meter: Meter,
  { stays = false } = {},
): Promise<{ id: string; host: Host; log: string }> {
  const { server, newKeyOnly } = input;
  const host = await deps.hosts.open(server, meter);
  await claim(deps, host, input);
  const { id } = chosen(await list(host, beat.signal), input);
  const keys = [
    backupKey(server),
    ...(newKeyOnly ? [] : await deps.secrets.former(backupKey(server), server)),
  ];
  const [action] = await filled(deps.secrets, server, { what: '', run: [verb(id, keys)] });
  return { id, host, log: await work(deps, host, input, action!, beat, stays ? undefined : program.tidy) };
}

function chosen(all: readonly Backup[], { server, id }: BackupInput): Backup {
  const found = id === undefined ? all.at(-1) : all.find((each) => each.id === id);
  if (found) return found;
  const what = id === undefined ? 'no backup' : `no backup ${id}`;
  throw new ClincherError('BACKUP_NOT_FOUND', `${server.name} has ${what}`, {
    evidence: all.map((each) => each.id),
    remedy: [
      id === undefined ? `clincher run backup -s ${server.name}` : `clincher backups ls -s ${server.name}`,
    ],
  });
}

/** What the program's exit codes mean, where they mean more than a failure. */
const CODES: Record<number, ErrorCode> = { [EXIT.full]: 'DISK_FULL', [EXIT.refused]: 'BACKUP_INVALID' };

const work = (
  deps: Deps,
  host: Host,
  input: BackupInput,
  action: Action,
  beat: Beat,
  after: Command | undefined,
): Promise<string> => {
  const job = {
    actions: [action],
    after,
    timeoutMs: WORK_MS,
    codes: CODES,
    otherwise: 'BACKUP_FAILED',
  } as const;
  return taskJob(deps, host, input, job, beat);
};
