// Reads what the checks look at, in one round trip on the host and one from outside, and judges it. Changes nothing.
import { CHECKS } from '../checks/index.js';
import { kept } from '../commands/backup.js';
import type { From, OutsideAsk } from '../commands/outside.js';
import type { AnyCheck, Command, HostContext, Proof, Reading, Server } from '../model.js';
import type { ProveInput } from './api.js';
import { glob } from './checklists.js';
import type { Deps } from './deps.js';
import { CONTEXT, parseContext } from './evaluate.js';
import { Meter } from './host.js';
import { type Answers, judged, readsOf } from './judge.js';
import { lookFromHere } from './outside-here.js';
import { render } from './script.js';

/** The gateway's own command line takes seconds, and minutes on a small host that is busy. */
const TIMEOUT_MS = 5 * 60_000;

const HERE = "the worker's machine";

type Answered = (command: Command) => Reading;

export async function prove(deps: Deps, input: ProveInput, signal?: AbortSignal): Promise<Proof> {
  const { server, outside } = input;
  const checks = selected(input.only);
  const meter = new Meter();
  if (checks.length === 0) return { checks: [], outside: '', remoteMs: 0, remote: [], roundTrips: 0 };
  const [inside, out, vault] = await Promise.all([
    readHost(deps, checks, server, meter, signal),
    readOutside(deps, checks, input, meter, signal),
    readVault(deps, checks, server),
  ]);
  const answers: Answers = { host: inside.answers, outside: out, vault };
  return {
    checks: checks.map((check) => judged(check, server, inside.host, answers)),
    outside: outside?.name ?? HERE,
    remoteMs: meter.remoteMs,
    remote: meter.spans,
    roundTrips: meter.roundTrips,
    ...backupsSeen(inside.answers),
  };
}

/** For whoever asks later how old the newest is: the check says only whether that is too old. */
function backupsSeen(answers: Answered): Pick<Proof, 'backups'> {
  try {
    const { backups } = kept.parse(answers(kept.read));
    const last = [backups.at(-1), backups.findLast(({ verified }) => verified)];
    return { backups: [...new Set(last)].flatMap((each) => each ?? []) };
  } catch {
    return {};
  }
}

function selected(only: string | undefined): AnyCheck[] {
  const matches = only === undefined ? () => true : glob(only);
  return CHECKS.filter(({ id }) => matches(id));
}

/** Slow ones first: a survey's lanes take turns, so that they run side by side. */
const slowFirst = (commands: readonly Command[]): Command[] => {
  const isSlow = (command: Command): boolean => command.includes('exec');
  return [...commands.filter(isSlow), ...commands.filter((command) => !isSlow(command))];
};

/** Equal commands are one. */
const unique = (commands: readonly Command[]): Command[] => [
  ...new Map(commands.map((command) => [render(command), command])).values(),
];

/** Everything that checks ask of the host, in the order of the one script. */
export const hostReads = (server: Server, only?: string): Command[] => hostCommands(selected(only), server);

/** Everything that checks ask from outside. */
export const outsideReads = (server: Server, only?: string): Command[] =>
  unique(readsOf(selected(only), 'outside', server));

const hostCommands = (checks: readonly AnyCheck[], server: Server): Command[] => [
  ...slowFirst(unique(readsOf(checks, 'host', server))),
  ...CONTEXT,
];

interface Inside {
  host: HostContext;
  answers: Answered;
}

async function readHost(
  deps: Deps,
  checks: readonly AnyCheck[],
  server: Server,
  meter: Meter,
  signal: AbortSignal | undefined,
): Promise<Inside> {
  const host = await deps.hosts.open(server, meter);
  const commands = hostCommands(checks, server);
  const readings = await host.read(commands, { timeoutMs: TIMEOUT_MS, signal });
  return {
    host: parseContext(readings.slice(-CONTEXT.length), host.via),
    answers: lookUp(commands, readings),
  };
}

function lookUp(commands: readonly Command[], readings: readonly Reading[]): Answered {
  const known = new Map(commands.map((command, i) => [render(command), readings[i]]));
  return (command) => {
    const reading = known.get(render(command));
    if (!reading) throw new Error('it was not read');
    return reading;
  };
}

/** A vantage that cannot be used has seen nothing: then nothing is known, which is no reason to fail everything else. */
async function readOutside(
  deps: Deps,
  checks: readonly AnyCheck[],
  { server, outside }: ProveInput,
  meter: Meter,
  signal: AbortSignal | undefined,
): Promise<Answered> {
  const commands = unique(readsOf(checks, 'outside', server));
  if (commands.length === 0) return lookUp([], []);
  try {
    const readings = outside
      ? await readFrom(deps, outside, commands, meter, signal)
      : await Promise.all(commands.map(readHere));
    return lookUp(commands, readings);
  } catch (error) {
    if (signal?.aborted) throw error;
    const reason = `${outside?.name ?? HERE} cannot look: ${(error as Error).message}`;
    return () => {
      throw new Error(reason);
    };
  }
}

async function readFrom(
  deps: Deps,
  outside: Server,
  commands: readonly Command[],
  meter: Meter,
  signal: AbortSignal | undefined,
): Promise<Reading[]> {
  const host = await deps.hosts.open(outside, meter);
  const from: From = { name: outside.name, address: outside.address };
  const asked = commands.map((command) => [...command, JSON.stringify(from)]);
  return host.read(asked, { timeoutMs: 60_000, signal });
}

/** The question is the last word of the command that another server would run. */
export async function readHere(command: Command): Promise<Reading> {
  const ask = JSON.parse(String(command.at(-1))) as OutsideAsk;
  const seen = await lookFromHere(ask, { name: HERE });
  return { stdout: JSON.stringify(seen), stderr: '', exitCode: 0 };
}

async function readVault(deps: Deps, checks: readonly AnyCheck[], server: Server): Promise<Answered> {
  const commands = unique(readsOf(checks, 'vault', server));
  const readings = await Promise.all(
    commands.map(async (command): Promise<Reading> => {
      const ref = String(command.at(-1));
      const missing = await deps.secrets.missing([ref], server);
      return { stdout: '', stderr: '', exitCode: missing.length > 0 ? 1 : 0 };
    }),
  );
  return lookUp(commands, readings);
}
