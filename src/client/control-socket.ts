// The engine over a unix socket: the worker answers it, so that a command need not load Temporal's client.
import { chmodSync, existsSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { ClincherError } from '../errors.js';
import { CONTROL_METHODS, type Control, type ControlMethod } from './control.js';
import { fromWire, lineSplitter, type Reply, type Request, toWire } from './control-wire.js';

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
  return work(...args);
}

const CONNECT_MS = 1_000;

/** Rejects when nobody serves the socket: then there is another way. */
export async function socketControl(path: string): Promise<Control> {
  const socket = await open(path);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  const gone = (): void => {
    for (const one of waiting.values()) one.reject(workerLeft());
    waiting.clear();
  };
  socket.on('error', gone).on('close', gone);
  socket.on(
    'data',
    lineSplitter((line) => {
      const reply = JSON.parse(line) as Reply;
      const one = waiting.get(reply.id);
      waiting.delete(reply.id);
      if ('error' in reply) one?.reject(fromWire(reply.error));
      // JSON knows no undefined.
      else one?.resolve(reply.ok ?? undefined);
    }),
  );
  const ask = (method: ControlMethod, args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (socket.destroyed) return reject(workerLeft());
      const request: Request = { id: ++last, method, args };
      waiting.set(request.id, { resolve, reject });
      socket.write(`${JSON.stringify(request)}\n`);
    });
  const methods = CONTROL_METHODS.map((method) => [method, (...args: unknown[]) => ask(method, args)]);
  return {
    ...(Object.fromEntries(methods) as Omit<Control, 'close'>),
    close: async () => void socket.destroy(),
  };
}

function open(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const timer = setTimeout(
      () => socket.destroy(new Error('the control socket does not answer')),
      CONNECT_MS,
    );
    socket.once('error', reject);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('close', () => clearTimeout(timer));
  });
}

const workerLeft = (): ClincherError =>
  new ClincherError(
    'WORKER_NOT_RUNNING',
    'The worker is away; what runs is kept and goes on when it is back.',
  );
