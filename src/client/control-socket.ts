// The engine over a unix socket: the worker answers it, so that a command need not load Temporal's client.
import { chmodSync, existsSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { ClincherError } from '../errors.js';
import { CONTROL_METHODS, type Control } from './control.js';
import { Link } from './control-link.js';
import { lineSplitter, type Reply, type Request, toWire } from './control-wire.js';

export const socketPath = (stateFolder: string): string => join(stateFolder, 'control.sock');

/** What the kernel allows for the path of a socket; beyond it we do without one. */
const MAX_SOCKET_PATH = 100;

export interface ServedControl {
  close(): Promise<void>;
}

/** Serves until closed. Nothing when the path is too long for a socket: commands then ask Temporal itself. */
export async function serveControl(control: Control, path: string): Promise<ServedControl | undefined> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) return undefined;
  if (existsSync(path)) await removeStale(path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(control, socket);
  });
  await listen(server, path);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // The socket is made inside listen(): at no moment may others open it.
    const before = process.umask(0o177);
    try {
      server.listen(path, () => {
        chmodSync(path, 0o600);
        resolve();
      });
    } finally {
      process.umask(before);
    }
  });
}

/** A worker that was killed leaves its socket behind; one that lives must keep it. */
function removeStale(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      reject(new ClincherError('INTERNAL', `Another worker serves ${path}.`));
    });
    probe.once('error', () => {
      unlinkSync(path);
      resolve();
    });
  });
}

function serve(control: Control, socket: Socket): void {
  socket.on('error', () => socket.destroy());
  const reply = (answer: Reply): void =>
    void (socket.writable && socket.write(`${JSON.stringify(answer)}\n`));
  socket.on(
    'data',
    lineSplitter((line) => {
      const request = parse(line);
      if (!request) return void socket.destroy();
      answer(control, request).then(
        (ok) => reply({ id: request.id, ok: ok ?? null }),
        (error: unknown) => reply({ id: request.id, error: toWire(error) }),
      );
    }),
  );
}

function parse(line: string): Request | undefined {
  try {
    const request = JSON.parse(line) as Request;
    const isOne = typeof request.id === 'number' && CONTROL_METHODS.includes(request.method);
    return isOne && Array.isArray(request.args) ? request : undefined;
  } catch {
    return undefined;
  }
}

async function answer(control: Control, { method, args }: Request): Promise<unknown> {
  const work = control[method] as (...args: unknown[]) => Promise<unknown>;
  return work.apply(control, args);
}

/** Rejects when nobody serves the socket: then there is another way. Later it waits out a worker that restarts. */
export async function socketControl(path: string): Promise<Control> {
  const link = new Link(path);
  await link.connected();
  const methods = CONTROL_METHODS.map((method) => [method, (...args: unknown[]) => link.ask(method, args)]);
  return { ...(Object.fromEntries(methods) as Omit<Control, 'close'>), close: () => link.close() };
}
