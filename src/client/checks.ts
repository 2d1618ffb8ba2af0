// The checks of `doctor` that need no worker: this machine, the configuration, its secrets, the way to a server's port.
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { Config } from '../config/load.js';
import { ClincherError } from '../errors.js';
import type { RunError, Server } from '../model.js';
import type { Io } from './io.js';
import { type Check, ok, problem } from './view/doctor.js';

const NEEDED = [20, 19];

export function nodeCheck(running: string = process.versions.node): Check {
  const [major = 0, minor = 0] = running.split('.').map(Number);
  const isEnough = major > NEEDED[0]! || (major === NEEDED[0] && minor >= NEEDED[1]!);
  if (isEnough) return ok('node', `node ${running}`);
  return {
    id: 'node',
    status: 'failed',
    text: `node ${running} is too old`,
    fix: ['install Node 20.19 or newer'],
  };
}

export const runError = (error: unknown): RunError =>
  error instanceof ClincherError
    ? { code: error.code, message: error.message, evidence: [...error.evidence], remedy: [...error.remedy] }
    : { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };

/** What these servers need; what has no value yet may still be asked for by a run. */
export async function secretsCheck(io: Io, config: Config, servers: readonly Server[]): Promise<Check[]> {
  const [{ Keeper }, { connectionSecrets }, { neededSecrets }] = await Promise.all([
    import('../secrets/keeper.js'),
    import('../config/secret-refs.js'),
    import('../stack/needs.js'),
  ]);
  const warnings: Check[] = [];
  const warn = (text: string): void =>
    void warnings.push({ id: 'secrets', status: 'warning', text, fix: [] });
  const keeper = new Keeper({ identity: config.secrets.identity, env: io.env, warn });
  try {
    const uses = servers.flatMap((server) =>
      [...connectionSecrets(server), ...neededSecrets(server)].map((ref) => ({ ref, server })),
    );
    const missing = (await Promise.all(uses.map(({ ref, server }) => keeper.missing([ref], server)))).flat();
    const found = uses.length - missing.length;
    if (missing.length === 0) return [...warnings, ok('secrets', `secrets ${found}/${uses.length}`)];
    const fix = [...new Set(missing)].map(
      (ref) => `clincher secrets set ${ref}   (or let the run ask for it)`,
    );
    return [
      ...warnings,
      {
        id: 'secrets',
        status: 'warning',
        text: `secrets ${found}/${uses.length}: some have no value yet`,
        fix,
      },
    ];
  } catch (error) {
    return [...warnings, problem('secrets', runError(error))];
  }
}

const CONNECT_MS = 5_000;

/** From here, not from the worker: it tells a firewall from a machine that is off. One connection, then none. */
export async function portCheck(server: Server): Promise<Check> {
  const { address, ssh } = server;
  if (ssh.jump)
    return { id: 'tcp', server: server.name, status: 'skipped', text: `behind ${ssh.jump.address}`, fix: [] };
  try {
    await lookup(address);
  } catch {
    return problem(
      'dns',
      {
        code: 'UNREACHABLE',
        message: `${address} has no address in the DNS`,
        remedy: [`correct servers.${server.name}.address`],
      },
      server.name,
    );
  }
  const ports = [...new Set([ssh.port, ssh.first_contact.port])];
  for (const port of ports) {
    const ms = await timeToConnect(address, port);
    if (ms !== undefined) return ok('tcp', `port ${port} answers in ${ms} ms`, server.name);
  }
  return problem(
    'tcp',
    {
      code: 'UNREACHABLE',
      message: `${address} does not answer on ${ports.join(' or ')}`,
      remedy: ['is it on, and does its firewall admit you?', `nc -vz ${address} ${ssh.port}`],
    },
    server.name,
  );
}

function timeToConnect(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const began = performance.now();
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (ms: number | undefined): void => {
      socket.destroy();
      resolve(ms);
    };
    socket.once('connect', () => end(Math.round(performance.now() - began)));
    socket.once('error', () => end(undefined));
    socket.once('timeout', () => end(undefined));
  });
}
