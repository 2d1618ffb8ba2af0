// The vocabulary of monitoring: who watches whom, by which door. Types only.

export interface MonitoringSettings {
  /** Name of the server with role `monitor` that watches this one; absent: nobody does. */
  monitor?: string | undefined;
  /** Of the door on the watched server, by which its figures are read. */
  port: number;
  /** Where the monitor finds the watched server; absent: its own address. */
  address?: string | undefined;
  /** Whom the door lets in, as networks; empty: the monitor's address alone. `resolveServer` fills it in. */
  from: string[];
  /** Folder on the monitor. */
  directory: string;
  /** How long the monitor keeps what it has read. */
  retention_days: number;
  grafana: boolean;
  uptime_kuma: boolean;
  /** Where a worker of clincher on the monitor tells its figures, as host:port. */
  worker?: string | undefined;
}

/** What a monitor knows of a server that it watches; `resolveServer` fills it in. */
export interface Watched {
  name: string;
  address: string;
  port: number;
  /** Public name of the gateway, where it has one. */
  domain?: string | undefined;
  /** Its certificate is of an authority that nobody else knows. */
  isInternal: boolean;
}
