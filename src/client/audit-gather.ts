// What an audit export is made of: the runs that Temporal knows, each server's own log, and the key that signs.
import { ClincherError } from '../errors.js';
import type { AuditHostLine, AuditRun, AuditSigned, AuditStatement, AuditUnread, Server } from '../model.js';
import { auditRun } from './audit-run.js';
import { type Control, exactly, type RunSummary } from './control.js';
import type { Deps } from './deps.js';
import { exitOfState } from './exit.js';
import type { Io } from './io.js';
import { look, lookFailed } from './look.js';

const RESULT_MS = 6_000;
/** More than Temporal keeps of any server. */
const ALL = 100_000;

export interface AuditRange {
  /** Absent: all that there is. */
  since: string | undefined;
  to: string;
}

export interface AuditPart {
  runs: AuditRun[];
  log: (AuditHostLine | AuditUnread)[];
  /** 0, or that of why the log could not be read. */
  exitCode: number;
}

export class Gatherer {
  constructor(
    private readonly io: Io,
    private readonly deps: Deps,
    private readonly control: Control,
  ) {}

  async part(server: Server, range: AuditRange): Promise<AuditPart> {
    const { since } = range;
    const runs = await this.#runs(server.name, range);
    try {
      const lines = await this.#log(server, since);
      const log = lines.map((text) => ({ kind: 'host' as const, server: server.name, text }));
      return { runs, log, exitCode: 0 };
    } catch (error) {
      if (!(error instanceof ClincherError) || error.exitCode === 4) throw error;
      const { code, message, exitCode } = error;
      return { runs, log: [{ kind: 'unread', server: server.name, code, message }], exitCode };
    }
  }

  async sign(server: Server, sign?: AuditStatement): Promise<AuditSigned> {
    const state = await look(this.io, this.deps, this.control, server, {
      ...{ name: 'audit-sign', options: {} },
      ...(sign === undefined ? {} : { audit: { sign } }),
    });
    if (exitOfState(state) === 0 && state.audit?.signed) return state.audit.signed;
    throw lookFailed(state, 'the export could not be signed');
  }

  /** Oldest first, as they happened; those that look for this very export are of the next one. */
  async #runs(server: string, { since, to }: AuditRange): Promise<AuditRun[]> {
    const listed = await this.control.list({ server, since, limit: ALL });
    const found = listed.filter(({ startedAt }) => startedAt <= to);
    const runs: AuditRun[] = [];
    for (const summary of found.toReversed()) runs.push(auditRun(summary, await this.#state(summary)));
    return runs;
  }

  async #state(summary: RunSummary) {
    const run = exactly(summary);
    const hasEnded = summary.endedAt !== undefined;
    const state = hasEnded ? await this.control.ended(run, RESULT_MS) : await this.control.state(run);
    if (state) return state;
    throw new ClincherError('TEMPORAL_UNREACHABLE', `Temporal did not say how ${summary.run} ended.`);
  }

  async #log(server: Server, since: string | undefined): Promise<string[]> {
    const lines: string[] = [];
    for (let more = true; more; ) {
      const question = { since, skip: lines.length };
      const state = await look(this.io, this.deps, this.control, server, {
        ...{ name: 'audit-log', options: {}, audit: { question } },
      });
      const page = exitOfState(state) === 0 ? state.audit?.page : undefined;
      if (page === undefined) throw lookFailed(state, 'its log could not be read');
      lines.push(...page.lines);
      more = page.more && page.lines.length > 0;
    }
    return lines;
  }
}
