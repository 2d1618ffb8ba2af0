// A host as activities see it: scripts as root, surveys in one round trip, jobs that outlive the connection.
import { randomBytes } from 'node:crypto';
import { parseOwner } from '../commands/owner.js';
import { ClincherError } from '../errors.js';
import type { Command, Reading, Server, Span } from '../model.js';
import { adopted } from './adopted.js';
import { asked } from './partition-words.js';
import {
  type JobResult,
  type JobSpec,
  jobScript,
  parseJob,
  parseSurvey,
  render,
  surveyScript,
  unitOf,
  whole,
} from './script.js';
import type { ExecResult, Session } from './ssh.js';

export interface ScriptOptions {
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
  onOutput?: ((chunk: string) => void) | undefined;
}

const nonce = (): string => randomBytes(8).toString('hex');

/** When we waited for a host; one an activity, whatever connections it uses. */
export class Meter {
  readonly spans: Span[] = [];

  get roundTrips(): number {
    return this.spans.length;
  }

  get remoteMs(): number {
    return this.spans.reduce((sum, [from, to]) => sum + (to - from), 0);
  }
}

export class Host {
  constructor(
    private session: Session,
    /** The pool's session, when ours has given way to a proven login or has broken. */
    private readonly reopen: () => Promise<Session>,
    readonly server: Server,
    private readonly sudoPassword: string | undefined,
    private readonly meter: Meter,
    /** Names this control plane: absent, nobody asks whose the server is. */
    private readonly plane?: string,
  ) {}

  get via(): { user: string; port: number } {
    return { user: this.session.endpoint.user, port: this.session.endpoint.port };
  }

  /** Runs a whole script as root, by stdin: no word of it appears in a process list. */
  async script(text: string, options: ScriptOptions = {}): Promise<ExecResult> {
    if (!this.session.alive) this.session = await this.reopen();
    const { command, before } = asRoot(this.via.user, this.sudoPassword);
    const result = await this.session.exec(command, {
      ...options,
      stdin: before + text,
      timeoutMs: options.timeoutMs ?? 60_000,
    });
    const now = Date.now();
    this.meter.spans.push([now - result.durationMs, now]);
    if (refusedSudo(result))
      throw new ClincherError(
        'SUDO_REFUSED',
        `${this.via.user}@${this.server.name}: ${result.stderr.trim()}`,
      );
    return result;
  }

  /** Reads many things in one round trip; equal commands are read once. Of a partition they are read under its names. */
  async read(commands: readonly Command[], options: ScriptOptions = {}): Promise<Reading[]> {
    const texts = commands.map((command) => render(asked(this.server, command)));
    const unique = [...new Set(texts)];
    const mark = nonce();
    const { stdout, stderr } = await this.script(surveyScript(unique, mark), options);
    const readings = parseSurvey(stdout, mark);
    if (!readings)
      throw new ClincherError('HOST_LOST', `${this.server.name} gave half an answer`, {
        evidence: lastLines(stderr),
      });
    return texts.map((text) => readings[unique.indexOf(text)] as Reading);
  }

  /** Starts a job, or attaches to it when a former attempt started it, and follows it to its end. */
  async job(spec: JobSpec, options: ScriptOptions = {}): Promise<JobResult> {
    const mark = nonce();
    const frame = new RegExp(`\\n?@${mark} .*\\n?`, 'g');
    const { stdout, stderr } = await this.script(jobScript({ ...spec, plane: this.plane }, mark), {
      ...options,
      timeoutMs: spec.timeoutMs + 30_000,
      onOutput: (chunk) => options.onOutput?.(chunk.replace(frame, '')),
    });
    const result = parseJob(stdout, mark);
    if (!result)
      throw new ClincherError('HOST_LOST', `${this.server.name} did not start the job`, {
        evidence: lastLines(stderr),
      });
    if ('notOurs' in result) throw adopted(this.server, parseOwner(result.notOurs));
    return result;
  }

  /** Ends a job and everything it started. */
  async stop(key: string): Promise<void> {
    await this.script(whole(`systemctl stop ${unitOf(key)} 2>/dev/null; true`), { timeoutMs: 120_000 });
  }
}

export const lastLines = (text: string, count = 8): string[] =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .slice(-count);

const SENTINEL = '#clincher';

/**
 * Root by sudo. Where a password is set it comes first by stdin; whether sudo reads that line or (NOPASSWD) does not,
 * a shell then skips to the sentinel, so that a password is never taken for a command or for a command's input.
 */
export function asRoot(
  user: string,
  password: string | undefined,
  command = 'sh -s',
): { command: string; before: string } {
  if (user === 'root') return { command, before: '' };
  if (password === undefined) return { command: `sudo -n ${command}`, before: '' };
  const skip = `while IFS= read -r l; do [ "$l" = "${SENTINEL}" ] && break; done; exec "$@"`;
  return {
    command: `sudo -k -S -p '' sh -c '${skip}' sh ${command}`,
    before: `${password}\n${SENTINEL}\n`,
  };
}

const refusedSudo = ({ code, stderr }: ExecResult): boolean =>
  code !== 0 &&
  /^sudo: (a password is required|.* is not in the sudoers|\d+ incorrect password|no password was provided)|^sh: .*sudo: not found|sudo: command not found/m.test(
    stderr,
  );
