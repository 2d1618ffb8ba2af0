// Reads what the checks look at, in one round trip on the host and one from outside, and judges it. Changes nothing.
import { CHECKS } from '../checks/index.js';
import { type Kept, kept, standbyKept } from '../commands/backup.js';
import type { AnyCheck, Command, Fact, Proof, Server } from '../model.js';
import type { ProveInput } from './api.js';
import { glob } from './checklists.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';
import { type Answers, judged, readsOf } from './judge.js';
import { hostCommands, look, unique } from './readings.js';

/** The gateway's own command line takes seconds, and minutes on a small host that is busy. */
const TIMEOUT_MS = 5 * 60_000;

export async function prove(deps: Deps, input: ProveInput, signal?: AbortSignal): Promise<Proof> {
  const { server, outside } = input;
  const checks = selected(input.only);
  const meter = new Meter();
  if (checks.length === 0) return { checks: [], outside: '', remoteMs: 0, remote: [], roundTrips: 0 };
  const seen = await look(deps, checks, { server, outside, timeoutMs: TIMEOUT_MS }, meter, signal);
  return {
    checks: checks.map((check) => judged(check, server, seen.host, seen.answers)),
    outside: seen.outside,
    remoteMs: meter.remoteMs,
    remote: meter.spans,
    roundTrips: meter.roundTrips,
    ...backupsSeen(seen.answers),
  };
}

/** For whoever asks later how old the newest is: the check says only whether that is too old. */
function backupsSeen(answers: Answers): Pick<Proof, 'backups'> {
  return lastOf(answers, kept) ?? lastOf(answers, standbyKept) ?? {};
}

function lastOf({ host }: Answers, fact: Fact<Pick<Kept, 'backups'>>): Pick<Proof, 'backups'> | undefined {
  try {
    const { backups } = fact.parse(host(fact.read));
    const last = [backups.at(-1), backups.findLast(({ verified }) => verified)];
    return { backups: [...new Set(last)].flatMap((each) => each ?? []) };
  } catch {
    return undefined;
  }
}

function selected(only: string | undefined): AnyCheck[] {
  const matches = only === undefined ? () => true : glob(only);
  return CHECKS.filter(({ id }) => matches(id));
}

/** Everything that checks ask of the host, in the order of the one script. */
export const hostReads = (server: Server, only?: string): Command[] => hostCommands(selected(only), server);

/** Everything that checks ask from outside. */
export const outsideReads = (server: Server, only?: string): Command[] =>
  unique(readsOf(selected(only), 'outside', server));
