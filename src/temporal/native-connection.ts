// The worker's connection. Only workers and tests import this: the native part costs most of a second to load.
import type { NativeConnection } from '@temporalio/worker';
import type { Profile } from './profile.js';
import { target, unreachable } from './target.js';

export interface NativeConnected {
  connection: NativeConnection;
  namespace: string;
  address: string;
}

export async function connectNative(to?: Profile): Promise<NativeConnected> {
  const { address, namespace, connectionOptions } = to ?? (await target());
  const { NativeConnection } = await import('@temporalio/worker');
  try {
    return { connection: await NativeConnection.connect(connectionOptions), namespace, address };
  } catch (error) {
    throw unreachable(address, error);
  }
}
