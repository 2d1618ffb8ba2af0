// Everything that can be known to be wrong before the first change, all at once; then the host is marked as ours.
import type { Fenced } from '../commands/fence.js';
import { MARK, type Mark } from '../commands/mark.js';
import { answered, claimMark } from '../commands/owner.js';
import { ClincherError, type ErrorCode } from '../errors.js';
import type { Fact, Server, Span } from '../model.js';
import { backupLock } from '../steps/backup-files.js';
import { preflightFacts, preflightProblems } from '../steps/preflight.js';
import { adopted } from './adopted.js';
import type { PreflightInput } from './api.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { type Host, lastLines, Meter } from './host.js';
import { neededSecrets } from './needs.js';
import { quote, render, whole } from './script.js';

/** Looking every package up takes apt seconds on a small host. */
const TIMEOUT_MS = 120_000;

export interface Problem {
  code: ErrorCode;
  message: string;
}

/** A fresh server upgrades itself at its first boot: that is waited for, then it is said who holds apt. */
const APT_PATIENCE_MS = 5 * 60_000;
const APT_EVERY_MS = 5_000;

export async function preflight(deps: Deps, input: PreflightInput, beat: Beat): Promise<{ remote: Span[] }> {
  const meter = new Meter();
  const host = await deps.hosts.open(input.server, meter);
  await Promise.all([fetchLists(host, beat), backupOver(host, input.server, beat)]);
  const problems = [
    ...(await patientProblems(deps, host, input.server, beat)),
    ...(await secretProblems(deps, input.server)),
  ];
  if (problems.length > 0) throw unfit(input.server, problems);
  await claim(deps, host, input);
  return { remote: meter.spans };
}

/** An image that was never updated has no package lists: without them nobody can say that a package is to be had. */
async function fetchLists(host: Host, { signal, say }: Beat): Promise<void> {
  const script = whole('set -- /var/lib/apt/lists/*_Packages*; [ -e "$1" ] || apt-get -q update || true');
  await host.script(script, { timeoutMs: TIMEOUT_MS, signal, onOutput: say });
}

async function patientProblems(deps: Deps, host: Host, server: Server, beat: Beat): Promise<Problem[]> {
  const until = deps.now() + APT_PATIENCE_MS;
  for (;;) {
    const problems = await hostProblems(deps, host, server, beat.signal);
    const isOnlyBusy = problems.length > 0 && problems.every(({ code }) => code === 'APT_LOCKED');
    if (!isOnlyBusy || deps.now() > until) return problems;
    beat.say(`waiting: ${problems.map(({ message }) => message).join('; ')}\n`);
    await deps.sleep(APT_EVERY_MS, beat.signal);
  }
}

export async function hostProblems(
  deps: Deps,
  host: Host,
  server: Server,
  signal?: AbortSignal,
): Promise<Problem[]> {
  const facts: [string, Fact<unknown>][] = Object.entries(preflightFacts(server));
  const askedAt = deps.now();
  const readings = await host.read(
    facts.map(([, fact]) => fact.read),
    { timeoutMs: TIMEOUT_MS, signal },
  );
  const unknown: Problem[] = [];
  const values: Record<string, unknown> = {};
  for (const [i, [name, fact]] of facts.entries()) {
    try {
      values[name] =
        readings[i]?.exitCode === 127 && fact.absent !== undefined ? fact.absent : fact.parse(readings[i]!);
    } catch (error) {
      unknown.push({
        code: 'FACT_UNKNOWN',
        message: `${name} could not be read: ${(error as Error).message}`,
      });
    }
  }
  return unknown.length > 0 ? unknown : preflightProblems(values as never, server, { nowMs: askedAt });
}

/** A reference that cannot be resolved now will not be resolvable in the middle of the run; gates ask for the rest. */
async function secretProblems(deps: Deps, server: Server): Promise<Problem[]> {
  const missing = await deps.secrets.missing(neededSecrets(server), server);
  return missing
    .filter((ref) => !ref.startsWith('secret://'))
    .map((ref) => ({ code: 'SECRET_MISSING', message: `${ref} gives no value` }));
}

function unfit(server: Server, problems: readonly Problem[]): ClincherError {
  const [first] = problems;
  const code = problems.length === 1 && first ? first.code : 'PREFLIGHT_FAILED';
  const message =
    problems.length === 1 && first
      ? first.message
      : `${problems.length} problems on ${server.name}; nothing was changed`;
  return new ClincherError(code, message, {
    evidence: problems.length > 1 ? problems.map((problem) => problem.message) : [],
  });
}

/** Temporal keeps our own runs apart; the mark is for a control plane that knows nothing of this one. */
export async function claim(
  deps: Deps,
  host: Host,
  { server, run, who, takeOver }: PreflightInput,
): Promise<void> {
  const ours: Mark = { plane: deps.plane, run, who, since: new Date(deps.now()).toISOString() };
  const command = claimMark(ours, takeOver, `${ours.since} ${run} ${who}`, server.role);
  const { stdout } = await host.script(whole(render(command)));
  const said = answered(stdout);
  if (said.is === 'owner') throw adopted(server, said.owner);
  if (said.is === 'mark') throw foreign(server, said.mark);
  if (said.is === 'fenced') throw isFenced(server, said.fenced);
}

const BACKUP_WAIT_SECONDS = 900;

/** The host's own timer may be making a backup: what is paused for that must not be made anew meanwhile. */
async function backupOver(host: Host, server: Server, { signal }: Beat): Promise<void> {
  const { name } = server;
  const lock = quote(backupLock(server));
  const { code } = await host.script(
    whole(`[ ! -e ${lock} ] || flock -w ${BACKUP_WAIT_SECONDS} ${lock} true`),
    { timeoutMs: (BACKUP_WAIT_SECONDS + 60) * 1000, signal },
  );
  if (code === 0) return;
  throw new ClincherError('LOCKED', `${name} has been making a backup for a quarter of an hour`, {
    remedy: [`clincher backups ls -s ${name}`, 'then the same again'],
  });
}

/** Whoever works on it as a primary has an old configuration. */
const isFenced = ({ name, address }: Server, fenced: Fenced | undefined): ClincherError =>
  new ClincherError(
    'HOST_FENCED',
    `${name} at ${address} was fenced at ${fenced?.at} by ${fenced?.run}: ${fenced?.to} goes on in its place`,
  );

function foreign(server: Server, mark: Mark | null): ClincherError {
  return new ClincherError(
    'FOREIGN_LOCK',
    `${server.name} is marked by another control plane: run ${mark?.run} of ${mark?.who} since ${mark?.since}`,
    {
      evidence: lastLines(JSON.stringify(mark)),
      remedy: [
        `make sure that run ${mark?.run} is over, then`,
        `clincher run … -s ${server.name} --take-over "why"`,
      ],
    },
  );
}

/** Takes our mark off; another's stays. */
export async function release(deps: Deps, { server, run }: { server: Server; run: string }): Promise<void> {
  const host = await deps.hosts.open(server, new Meter());
  await host.script(
    whole(`grep -qF ${quote(`"run":${JSON.stringify(run)}`)} ${MARK} 2>/dev/null && rm -f ${MARK}; true`),
  );
}
