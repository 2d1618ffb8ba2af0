// The client's connection: loaded when it is needed, with the codec, and with a deadline on every call.
import type { Client, Connection, ConnectionOptions } from '@temporalio/client';
import { dataConverter } from './data-converter.js';
import type { Profile } from './profile.js';
import { target, unreachable } from './target.js';

export interface Connected {
  client: Client;
  connection: Connection;
  namespace: string;
  address: string;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** How long the server may take to answer the first call. */
  deadlineMs?: number;
  /** For tests; otherwise what is configured or runs. */
  to?: Profile;
}

const CONNECT_MS = 5_000;
const CALL_MS = 15_000;
/** The server holds these open until something happens, a minute at most; the SDK then asks again. */
const LONG_POLLS = ['GetWorkflowExecutionHistory', 'PollWorkflowExecutionUpdate', 'UpdateWorkflowExecution'];
const LONG_POLL_MS = 75_000;

export async function connect({ deadlineMs = CONNECT_MS, to }: ConnectOptions = {}): Promise<Connected> {
  const { address, namespace, connectionOptions } = to ?? (await target());
  const { Client, Connection } = await import('@temporalio/client');
  const options = { ...connectionOptions, connectTimeout: deadlineMs, interceptors: await interceptors() };
  const connection = await reach(() => Connection.connect(options as ConnectionOptions), address);
  const client = new Client({ connection, namespace, dataConverter: dataConverter() });
  return { client, connection, namespace, address, close: () => connection.close() };
}

type Interceptors = NonNullable<ConnectionOptions['interceptors']>;

/** The deadline goes before the SDK's retries, so it holds for all of them together. */
async function interceptors(): Promise<Interceptors> {
  const { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } = await import('@temporalio/client');
  const withDeadline: Interceptors[number] = (options, next) => {
    const deadline = deadlineOf(options.deadline, options.method_definition.path);
    return next({ ...options, deadline }) as ReturnType<Interceptors[number]>;
  };
  return [withDeadline, makeGrpcRetryInterceptor(defaultGrpcRetryOptions())];
}

/** `withDeadline` around a call wins; nothing else may wait for ever. */
export function deadlineOf(given: Date | number | undefined, path: string, now = Date.now()): Date | number {
  if (given !== undefined && given !== Number.POSITIVE_INFINITY) return given;
  const isLongPoll = LONG_POLLS.includes(path.slice(path.lastIndexOf('/') + 1));
  return now + (isLongPoll ? LONG_POLL_MS : CALL_MS);
}

async function reach(open: () => Promise<Connection>, address: string): Promise<Connection> {
  try {
    return await open();
  } catch (error) {
    throw unreachable(address, error);
  }
}
