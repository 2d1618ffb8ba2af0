// Makes a backup and reads one to its end: tasks, done once whatever is lost on the way. The data stays on the host.
import { judgeDrill } from '../checks/drill.js';
import * as program from '../commands/backup.js';
import { EXIT } from '../commands/backup-program.js';
import { ClincherError, type ErrorCode } from '../errors.js';
import type { Action, Backup, SecretRef, Server } from '../model.js';
import { backupKey } from '../steps/backup-files.js';
import type { BackupInput, BackupResult, BackupsResult, DrillResult } from './api.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { type Host, lastLines, Meter } from './host.js';
import { claim } from './preflight.js';
import { jobBody } from './script.js';
import { filled } from './secret-tokens.js';

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
  return { backups: await list(host, signal), remote: meter.spans };
}

async function list(host: Host, signal: AbortSignal | undefined): Promise<Backup[]> {
  const [reading] = await host.read([program.backups.read], { timeoutMs: LIST_MS, signal });
  return reading?.exitCode === 127 ? [] : program.backups.parse(reading!);
}

/** A retry finds the job that was begun; a job that is gone (the host was restarted) finds the backup by its key. */
export async function makeBackup(deps: Deps, input: BackupInput, beat: Beat): Promise<BackupResult> {
  const meter = new Meter();
  const host = await deps.hosts.open(input.server, meter);
  await claim(deps, host, input);
  await work(deps, host, input, program.make(input.key), beat);
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
  const { id, log } = await read(deps, input, program.drill, beat, meter);
  const drill = program.drilled(log);
  const took = `${((drill.restoreMs + drill.bootMs) / 1000).toFixed(1)} s`;
  const what = `backup ${id} was restored beside the running stack and asked, ${took} until it was ready; nothing of it is left`;
  return { checks: judgeDrill(drill, input.server), changes: [{ what }], remote: meter.spans };
}

/** What opens a backup: the key comes from the vault at the last moment. */
async function read(
  deps: Deps,
  input: BackupInput,
  verb: (id: string, key: SecretRef) => Action,
  beat: Beat,
  meter: Meter,
): Promise<{ id: string; host: Host; log: string }> {
  const { server } = input;
  const host = await deps.hosts.open(server, meter);
  await claim(deps, host, input);
  const { id } = chosen(await list(host, beat.signal), input);
  const [action] = await filled(deps.secrets, server, { what: '', run: [verb(id, backupKey(server))] });
  return { id, host, log: await work(deps, host, input, action!, beat) };
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

async function work(deps: Deps, host: Host, input: BackupInput, action: Action, beat: Beat): Promise<string> {
  const { key, run, who, task } = input;
  const spec = {
    key,
    body: jobBody([action]),
    after: program.tidy,
    audit: [`${run} ${who} ${task}`],
    changes: '[]',
    timeoutMs: WORK_MS,
  };
  try {
    const job = await host.job(spec, { signal: beat.signal, onOutput: beat.say });
    const log = deps.secrets.redact(job.log);
    await deps.log.append(run, task, log);
    if (job.exitCode !== 0) throw failed(input, job.exitCode, lastLines(log));
    return log;
  } catch (error) {
    if (beat.cancelled()) await host.stop(key);
    throw error;
  }
}

/** What the program's exit codes mean, where they mean more than a failure; its last line says the rest. */
const CODES: Record<number, ErrorCode> = { [EXIT.full]: 'DISK_FULL', [EXIT.refused]: 'BACKUP_INVALID' };

function failed({ server, task }: BackupInput, exitCode: number, evidence: string[]): ClincherError {
  const said = evidence.at(-1) ?? `clincher-backup ended with ${exitCode}`;
  return new ClincherError(CODES[exitCode] ?? 'BACKUP_FAILED', `${task} on ${server.name}: ${said}`, {
    evidence,
  });
}
