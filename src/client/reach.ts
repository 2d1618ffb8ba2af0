// A server as this machine reaches it: by the keys of clincher.yaml, to pinned host keys alone, with a line in the server's own record.
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { asRoot, Host, Meter } from '../activities/host.js';
import { PooledHosts } from '../activities/hosts.js';
import { fileBook } from '../activities/login-book.js';
import type { PoolDeps } from '../activities/pool.js';
import { auditLine, render, whole } from '../activities/script.js';
import type { Streams } from '../activities/ssh-channel.js';
import type { Config } from '../config/load.js';
import { ClincherError } from '../errors.js';
import type { Command, Fact, Facts, FactValues, Reading, Server } from '../model.js';
import { Keeper } from '../secrets/keeper.js';
import { maskSecrets } from '../secrets/looks.js';
import { stateDir } from '../temporal/paths.js';
import { who } from './input.js';
import type { Io } from './io.js';

export interface RunAs {
  root: boolean;
}

export interface Reach {
  readonly user: string;
  /** Before anything is done: what cannot be noted is not done. */
  note(act: string, words?: readonly string[]): Promise<void>;
  /** Many things in one round trip. */
  read<F extends Facts>(facts: F): Promise<FactValues<F>>;
  /** The command's exit status; without a command, the user's shell. */
  attach(command: Command | undefined, streams: Streams, as?: RunAs): Promise<number>;
  /** A stream from the server to an address as it is seen there. Opened anew where the connection was lost. */
  forward(address: string, port: number): Promise<Duplex>;
  /** Nothing where this machine's vault does not have it. */
  reveal(ref: string): Promise<string | undefined>;
  close(): void;
}

export async function openReach(io: Io, config: Config, server: Server): Promise<Reach> {
  const keeper = new Keeper({ identity: config.secrets.identity, env: io.env });
  const hosts = new PooledHosts(keeper, undefined, pace(io, server));
  const password = await hosts.sudoPassword(server);
  const session = await hosts.session(server);
  const host = new Host(session, () => hosts.session(server), server, password, new Meter());
  return {
    user: session.endpoint.user,
    note: (act, words = []) => note(host, keeper.redact(line(who(io.env), act, words))),
    read: (facts) => read(host, facts),
    attach: async (command, streams, as = { root: false }) => {
      const { command: text, before } =
        command === undefined ? SHELL : spoken(host.via.user, password, render(command), streams, as);
      return session.attach(text, { ...streams, before }).catch((error) => lost(server, error));
    },
    forward: async (address, port) => (await hosts.session(server)).forward(address, port),
    reveal: (ref) => keeper.reveal(ref, server).catch(() => undefined),
    close: () => hosts.close(),
  };
}

/** Nobody can know how far the command came: whoever typed it decides. */
function lost({ name }: Server, error: unknown): never {
  if (!(error instanceof ClincherError) || error.code !== 'HOST_LOST') throw error;
  throw new ClincherError('HOST_LOST', error.message, {
    cause: error,
    remedy: [`clincher doctor -s ${name}`, 'the same again'],
  });
}

/** A pause of half a minute wants a reason. */
const pace = (io: Io, { name }: Server): Pick<PoolDeps, 'book' | 'sleep'> => ({
  book: fileBook(join(stateDir(io.env), 'logins')),
  sleep: async (ms) => {
    io.err(`${name}: ${Math.ceil(ms / 1000)} s of patience: its firewall lets few logins in at a time\n`);
    await new Promise((resolve) => setTimeout(resolve, ms));
  },
});

interface Spoken {
  command?: string;
  before?: string;
}

/** The user's own. */
const SHELL: Spoken = {};

/** At a terminal sudo asks the person: what is written ahead would be shown there. */
function spoken(
  user: string,
  password: string | undefined,
  command: string,
  { terminal }: Streams,
  { root }: RunAs,
): Spoken {
  if (!root) return { command };
  const asks = terminal !== undefined && password !== undefined && user !== 'root';
  return asks ? { command: `sudo ${command}` } : asRoot(user, password, command);
}

const LONGEST = 1_000;

/** As runs write it, with no run. What people type may hold a secret, and a record is read by others. */
const line = (by: string, act: string, words: readonly string[]): string =>
  `- ${by} operator.${act} ${maskSecrets(render(words))}`
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .slice(0, LONGEST)
    .trimEnd();

async function note(host: Host, text: string): Promise<void> {
  const script = `umask 077; mkdir -p /var/log/clincher && ${auditLine(text)}`;
  const { code, stderr } = await host.script(whole(script), { timeoutMs: 20_000 });
  if (code === 0) return;
  throw new ClincherError('NOT_NOTED', `${host.server.name}: its record cannot be written to`, {
    evidence: stderr.trim().split('\n').slice(-4),
  });
}

async function read<F extends Facts>(host: Host, facts: F): Promise<FactValues<F>> {
  const readings = await host.read(Object.values(facts).map((fact) => fact.read));
  const values = Object.entries(facts).map(([name, fact], i) => [name, parsed(host, fact, readings[i])]);
  return Object.fromEntries(values) as FactValues<F>;
}

function parsed<T>({ server }: Host, fact: Fact<T>, reading: Reading | undefined): T {
  try {
    if (reading === undefined) throw new Error('no answer');
    return fact.parse(reading);
  } catch (error) {
    throw new ClincherError('FACT_UNKNOWN', `${server.name}: ${(error as Error).message}`);
  }
}
