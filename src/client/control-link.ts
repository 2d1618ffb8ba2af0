// One connection to the worker's control socket, opened when it is needed and again when the worker was away.
import { connect, type Socket } from 'node:net';
import { ClincherError } from '../errors.js';
import type { ControlMethod } from './control.js';
import { fromWire, lineSplitter, type Reply, type Request } from './control-wire.js';

const CONNECT_MS = 1_000;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class Link {
  #opening: Promise<Socket> | undefined;
  #isClosed = false;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(private readonly path: string) {}

  /** Never sent twice: who asks anew decides so, since the first may have had its effect. */
  async ask(method: ControlMethod, args: unknown[]): Promise<unknown> {
    const socket = await this.connected();
    const request: Request = { id: ++this.#last, method, args };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      if (socket.destroyed) this.#gone();
      else socket.write(`${JSON.stringify(request)}\n`);
    });
  }

  async connected(): Promise<Socket> {
    this.#opening ??= this.#open();
    try {
      return await this.#opening;
    } catch (cause) {
      this.#opening = undefined;
      throw workerLeft(cause);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    (await this.#opening?.catch(() => undefined))?.destroy();
  }

  async #open(): Promise<Socket> {
    if (this.#isClosed) throw new Error('closed');
    const socket = await opened(this.path);
    socket.on('error', () => {}).on('close', () => this.#gone());
    socket.on(
      'data',
      lineSplitter((line) => this.#take(JSON.parse(line) as Reply)),
    );
    return socket;
  }

  #take(reply: Reply): void {
    const one = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) one?.reject(fromWire(reply.error));
    // JSON knows no undefined.
    else one?.resolve(reply.ok ?? undefined);
  }

  #gone(): void {
    this.#opening = undefined;
    for (const one of this.#waiting.values()) one.reject(workerLeft());
    this.#waiting.clear();
  }
}

function opened(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const late = (): void => void socket.destroy(new Error('the control socket does not answer'));
    const timer = setTimeout(late, CONNECT_MS);
    socket.once('close', () => clearTimeout(timer));
    socket.once('error', reject);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

const workerLeft = (cause?: unknown): ClincherError =>
  new ClincherError(
    'WORKER_NOT_RUNNING',
    'The worker is away; what runs is kept and goes on when it is back.',
    cause === undefined ? {} : { cause },
  );
