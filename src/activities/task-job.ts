// The job of a task on the host: found again by its key, its words in the run's log, its end told as a coded error.
import { ClincherError, type ErrorCode } from '../errors.js';
import type { Action, Command } from '../model.js';
import type { TaskInput } from './api.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { type Host, lastLines } from './host.js';
import { jobBody } from './script.js';

export interface TaskJob {
  /** With their secrets filled in. */
  actions: readonly Action[];
  /** Run when the job has ended, whatever ended it. */
  after?: Command | undefined;
  timeoutMs: number;
  /** What its exit codes mean, where they mean more than `otherwise`; its last line says the rest. */
  codes?: Readonly<Record<number, ErrorCode>>;
  otherwise: ErrorCode;
}

/** What it said, without secrets. */
export async function taskJob(
  deps: Deps,
  host: Host,
  input: TaskInput,
  job: TaskJob,
  beat: Beat,
): Promise<string> {
  const { key, run, who, task } = input;
  const { actions, after, timeoutMs } = job;
  const audit = [`${run} ${who} ${task}`];
  const spec = { key, body: jobBody(actions), after, audit, changes: '[]', timeoutMs };
  try {
    const done = await host.job(spec, { signal: beat.signal, onOutput: beat.say });
    const log = deps.secrets.redact(done.log);
    await deps.log.append(run, task, log);
    if (done.exitCode !== 0) throw failed(input, job, done.exitCode, lastLines(log));
    return log;
  } catch (error) {
    if (beat.cancelled()) await host.stop(key);
    throw error;
  }
}

function failed(
  { server, task }: TaskInput,
  { codes, otherwise }: TaskJob,
  exitCode: number,
  evidence: string[],
): ClincherError {
  const said = evidence.at(-1) ?? `it ended with ${exitCode}`;
  return new ClincherError(codes?.[exitCode] ?? otherwise, `${task} on ${server.name}: ${said}`, {
    evidence,
  });
}
