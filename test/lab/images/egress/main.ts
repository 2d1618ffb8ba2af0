// A stand-in for Smokescreen where its source cannot be had: the same flags, decisions and exit codes, nothing else of it.
// What it has to keep is the table in contract.ts, which the real program can be held against as well.
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { loadAcl } from './acl.js';
import { rangesOf } from './decide.js';
import { log } from './log.js';
import { createProxy } from './proxy.js';

const options = {
  'egress-acl-file': { type: 'string' },
  'listen-ip': { type: 'string' },
  'listen-port': { type: 'string' },
  'stats-socket-dir': { type: 'string' },
  'deny-range': { type: 'string', multiple: true },
  'allow-range': { type: 'string', multiple: true },
} as const;

function main(): void {
  const { values } = parseArgs({ options, allowPositionals: false });
  const port = Number(values['listen-port'] ?? 4750);
  if (!Number.isInteger(port) || port > 65_535) throw new Error(`Invalid listen-port: ${port}`);
  const file = values['egress-acl-file'];
  const acl = file ? loadAcl(file) : undefined;
  if (acl && !acl.default) log('warning', 'no default rule set. any services without a rule will be denied.');
  const ranges = { allow: rangesOf(values['allow-range'] ?? []), deny: rangesOf(values['deny-range'] ?? []) };
  const statistics = countOn(values['stats-socket-dir']);
  const server = createProxy({ acl, ranges });
  server.on('error', (error) => fail(error));
  server.listen(port, values['listen-ip'], () => log('info', 'starting', { listening_port: port }));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGUSR2'] as const)
    process.once(signal, () => stop(statistics));
}

/** Who asks gets a list of connections; this one keeps none. */
function countOn(folder: string | undefined): string | undefined {
  if (!folder) return undefined;
  mkdirSync(folder, { recursive: true });
  const socket = `${folder}/track-${process.pid}.sock`;
  createServer((client) => client.end('[]\n'))
    .on('error', fail)
    .listen(socket);
  return socket;
}

function stop(socket: string | undefined): void {
  log('info', 'quitting gracefully');
  if (socket) rmSync(socket, { force: true });
  process.exit(0);
}

function fail(error: unknown): void {
  const said = error instanceof Error ? error.message : String(error);
  log('fatal', `Could not create configuration: ${said}`);
  process.exit(1);
}

try {
  main();
} catch (error) {
  fail(error);
}
