// Reads what the checks look at, in one round trip on the host for each gateway and one from outside, and judges it. Changes nothing.
import { checksOf } from '../checks/index.js';
import { type Kept, kept, standbyKept } from '../commands/backup.js';
import type { AnyCheck, Command, Fact, Proof, Server } from '../model.js';
import { workedOn } from '../stack/partitions.js';
import type { ProveInput } from './api.js';
import { glob } from './checklists.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';
import { type Answers, judged, readsOf } from './judge.js';
import { ofView } from './of-view.js';
import { hostCommands, look, unique } from './readings.js';

/** The gateway's own command line takes seconds, and minutes on a small host that is busy. */
const TIMEOUT_MS = 5 * 60_000;

/** Of a server, then of each of its partitions: each in a round trip of its own, or their gateways would starve each other. */
export async function prove(deps: Deps, input: ProveInput, signal?: AbortSignal): Promise<Proof> {
  const meter = new Meter();
  const found: Found[] = [];
  for (const server of workedOn(input.server))
    found.push(await proofOf(deps, { ...input, server }, meter, signal));
  return {
    checks: found.flatMap(({ checks }) => checks),
    outside: found[0]?.outside ?? '',
    remoteMs: meter.remoteMs,
    remote: meter.spans,
    roundTrips: meter.roundTrips,
    ...found[0]?.kept,
  };
}

interface Found extends Pick<Proof, 'checks' | 'outside'> {
  kept: Pick<Proof, 'backups'>;
}

async function proofOf(
  deps: Deps,
  { server, outside, only }: ProveInput,
  meter: Meter,
  signal?: AbortSignal,
): Promise<Found> {
  const checks = selected(server, only);
  if (checks.length === 0) return { checks: [], outside: '', kept: {} };
  const seen = await look(deps, checks, { server, outside, timeoutMs: TIMEOUT_MS }, meter, signal);
  return {
    checks: checks.map((check) => judged(ofView(check, server), server, seen.host, seen.answers)),
    outside: seen.outside,
    kept: backupsSeen(seen.answers),
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

function selected(server: Server, only: string | undefined): AnyCheck[] {
  const matches = only === undefined ? () => true : glob(only);
  return checksOf(server).filter(({ id }) => matches(id));
}

/** Everything that checks ask of the host, in the order of the one script. */
export const hostReads = (server: Server, only?: string): Command[] =>
  hostCommands(selected(server, only), server);

/** Everything that checks ask from outside. */
export const outsideReads = (server: Server, only?: string): Command[] =>
  unique(readsOf(selected(server, only), 'outside', server));
