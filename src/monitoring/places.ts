// Where the monitor's files lie, as whom its programs run, and on which ports of loopback they listen.
import type { Server } from '../model.js';

export const MONITOR_PROJECT = 'monitoring';

export const monitorFolder = ({ monitoring }: Pick<Server, 'monitoring'>): string =>
  monitoring?.directory ?? '/opt/monitoring';

/** By number: inside a container a user is one, whatever the host calls it. */
export const USERS = {
  prometheus: '65534',
  alertmanager: '65534',
  'blackbox-exporter': '65534',
  'node-exporter': '65534',
  // Of the official images.
  grafana: '472',
  'uptime-kuma': '1000',
} as const;

export type MonitorServiceName = keyof typeof USERS;

/** All on 127.0.0.1: who looks comes by SSH. */
export const PORTS: Readonly<Record<MonitorServiceName, number>> = {
  prometheus: 9090,
  alertmanager: 9093,
  'blackbox-exporter': 9115,
  'node-exporter': 9100,
  grafana: 3000,
  'uptime-kuma': 3001,
};

export const at = (name: MonitorServiceName): string => `127.0.0.1:${PORTS[name]}`;
