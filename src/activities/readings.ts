// What checks and watches look at: one round trip on the host, one look from outside, and the vault; each answer by its command.
import type { From, OutsideAsk } from '../commands/outside.js';
import type { Command, HostContext, Reading, Server } from '../model.js';
import type { Deps } from './deps.js';
import { CONTEXT, parseContext } from './evaluate.js';
import type { Meter } from './host.js';
import { type Answers, type Asked, readsOf } from './judge.js';
import { lookFromHere } from './outside-here.js';
import { render } from './script.js';

export const HERE = "the worker's machine";

type Answered = (command: Command) => Reading;

export interface Looked {
  host: HostContext;
  answers: Answers;
  /** From where was looked in. */
  outside: string;
}

export interface LookInput {
  server: Server;
  /** Who looks in from outside; absent: the worker's own machine. */
  outside?: Server | undefined;
  timeoutMs: number;
}

interface Look extends LookInput {
  deps: Deps;
  asked: readonly Asked[];
  meter: Meter;
  signal: AbortSignal | undefined;
}

export async function look(
  deps: Deps,
  asked: readonly Asked[],
  input: LookInput,
  meter: Meter,
  signal?: AbortSignal,
): Promise<Looked> {
  const all: Look = { ...input, deps, asked, meter, signal };
  const [inside, out, vault] = await Promise.all([readHost(all), readOutside(all), readVault(all)]);
  return {
    host: inside.host,
    answers: { host: inside.answers, outside: out, vault },
    outside: input.outside?.name ?? HERE,
  };
}

/** Slow ones first: a survey's lanes take turns, so that they run side by side. */
const slowFirst = (commands: readonly Command[]): Command[] => {
  const isSlow = (command: Command): boolean => command.includes('exec');
  return [...commands.filter(isSlow), ...commands.filter((command) => !isSlow(command))];
};

/** Equal commands are one. */
export const unique = (commands: readonly Command[]): Command[] => [
  ...new Map(commands.map((command) => [render(command), command])).values(),
];

export const hostCommands = (asked: readonly Asked[], server: Server): Command[] => [
  ...slowFirst(unique(readsOf(asked, 'host', server))),
  ...CONTEXT,
];

async function readHost({ deps, asked, server, timeoutMs, meter, signal }: Look) {
  const host = await deps.hosts.open(server, meter);
  const commands = hostCommands(asked, server);
  const readings = await host.read(commands, { timeoutMs, signal });
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
async function readOutside(all: Look): Promise<Answered> {
  const { asked, server, outside, signal } = all;
  const commands = unique(readsOf(asked, 'outside', server));
  if (commands.length === 0) return lookUp([], []);
  try {
    const readings = outside
      ? await readFrom(all, outside, commands)
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
  { deps, meter, signal }: Look,
  outside: Server,
  commands: readonly Command[],
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

async function readVault({ deps, asked, server }: Look): Promise<Answered> {
  const commands = unique(readsOf(asked, 'vault', server));
  const readings = await Promise.all(
    commands.map(async (command): Promise<Reading> => {
      const ref = String(command.at(-1));
      const missing = await deps.secrets.missing([ref], server);
      return { stdout: '', stderr: '', exitCode: missing.length > 0 ? 1 : 0 };
    }),
  );
  return lookUp(commands, readings);
}
