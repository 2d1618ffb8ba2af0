// What the server and its web UI read at their start: YAML, dynamic configuration, the database's name. Pure.
import { stringify } from 'yaml';
import type { Ports } from './ports.js';
import { addressOf, codecUrlOf, NAMESPACE, uiUrlOf } from './state.js';

export interface Layout {
  /** The state folder. */
  folder: string;
  ports: Ports;
  codec: boolean;
}

/**
 * The server reads each of its task queues at most 20 times a second, so every dispatch waited for the next
 * twentieth: 49 ms a sequential activity. Measured with these: 19 ms. For one operator's server the limit
 * protects nothing.
 */
export const DYNAMIC_CONFIG: Readonly<Record<string, number | boolean | string>> = {
  'history.transferProcessorMaxPollRPS': 1000,
  'history.timerProcessorMaxPollRPS': 1000,
  'history.visibilityProcessorMaxPollRPS': 1000,
  // Timers may fire so much late, for hosts whose clocks differ; here is one host. Measured: a sleep of
  // 200 ms took 1005 ms, now 235 ms, and so do the waits before retries.
  'history.timerProcessorMaxTimeShift': '50ms',
  // Search attributes that we register are usable at once, not after the cache's next refresh.
  'system.forceSearchAttributesCacheRefreshOnRead': true,
  'system.enableActivityEagerExecution': true,
};

/** WAL and full syncs: a history survives the loss of power, and readers do not wait for writers. */
export const SQLITE = { journal_mode: 'wal', synchronous: '2' };

/** The schema is the server version's own and is never migrated in SQLite: each version has its file. */
export const databaseFile = (folder: string, version: string) => `${folder}/temporal-${version}.db`;

export function uiYaml({ ports, codec }: Pick<Layout, 'ports' | 'codec'>): string {
  return stringify({
    temporalGrpcAddress: addressOf(ports),
    host: '127.0.0.1',
    port: ports.ui,
    enableUi: true,
    defaultNamespace: NAMESPACE,
    disableNewsFetch: true,
    hideLogs: true,
    cors: { cookieInsecure: true, allowOrigins: [uiUrlOf(ports), `http://localhost:${ports.ui}`] },
    codec: { endpoint: codec ? codecUrlOf(ports) : '' },
  });
}

export const dynamicYaml = () =>
  stringify(Object.fromEntries(Object.entries(DYNAMIC_CONFIG).map(([key, value]) => [key, [{ value }]])));

export function serverYaml({ folder, ports }: Layout, version: string, dynamicFile: string): string {
  return stringify(
    {
      log: { stdout: true, level: 'warn' },
      persistence: persistence(databaseFile(folder, version)),
      global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
      services: services(ports),
      clusterMetadata: clusterMetadata(ports),
      dcRedirectionPolicy: { policy: 'noop' },
      dynamicConfigClient: { filepath: dynamicFile, pollInterval: '60s' },
    },
    { aliasDuplicateObjects: false },
  );
}

function persistence(databaseName: string) {
  const sql = {
    pluginName: 'sqlite',
    databaseName,
    connectAddr: 'localhost',
    connectProtocol: 'tcp',
    connectAttributes: { cache: 'private', mode: 'rwc', setup: 'true', ...SQLITE },
    maxConns: 1,
    maxIdleConns: 1,
    maxConnLifetime: '1h',
  };
  return {
    defaultStore: 'default',
    visibilityStore: 'visibility',
    numHistoryShards: 1,
    datastores: { default: { sql }, visibility: { sql } },
  };
}

function services(ports: Ports) {
  const rpc = (grpcPort: number, membershipPort: number, more: object = {}) => ({
    rpc: { grpcPort, membershipPort, bindOnLocalHost: true, ...more },
  });
  return {
    frontend: rpc(ports.frontend, ports.frontendMembership, { httpPort: ports.frontendHttp }),
    matching: rpc(ports.matching, ports.matchingMembership),
    history: rpc(ports.history, ports.historyMembership),
    worker: rpc(ports.internal, ports.internalMembership),
  };
}

function clusterMetadata(ports: Ports) {
  const active = {
    enabled: true,
    initialFailoverVersion: 1,
    rpcName: 'frontend',
    rpcAddress: addressOf(ports),
    httpAddress: `127.0.0.1:${ports.frontendHttp}`,
  };
  return {
    enableGlobalNamespace: false,
    failoverVersionIncrement: 10,
    masterClusterName: 'active',
    currentClusterName: 'active',
    clusterInformation: { active },
  };
}
