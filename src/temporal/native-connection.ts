// The worker's connection. Only workers and tests import this: the native part costs most of a second to load.
import type { NativeConnection } from '@temporalio/worker';
import { ensureSearchAttributes } from './namespace.js';
import { makeFolder, stateDir } from './paths.js';
import type { Profile } from './profile.js';
import { EMBEDDED, target, unreachable } from './target.js';

export interface NativeConnected {
  connection: NativeConnection;
  namespace: string;
  address: string;
}

export async function connectNative(to?: Profile): Promise<NativeConnected> {
  const { address, namespace, connectionOptions, source } = to ?? (await target());
  // A worker keeps its logs and its name there, also where no embedded server made the folder.
  makeFolder(stateDir());
  const { NativeConnection } = await import('@temporalio/worker');
  try {
    const connection = await NativeConnection.connect(connectionOptions);
    if (source !== EMBEDDED) await registerThere(connection, namespace);
    return { connection, namespace, address };
  } catch (error) {
    throw unreachable(address, error);
  }
}

/** Where only an administrator may, it is the administrator's work: starting a run then says what is missing. */
async function registerThere(connection: NativeConnection, namespace: string): Promise<void> {
  try {
    await connection.withDeadline(Date.now() + 10_000, () => ensureSearchAttributes(connection, namespace));
  } catch (error) {
    process.emitWarning(`search attributes could not be registered: ${String(error)}`);
  }
}
