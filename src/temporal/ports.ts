// Ports of the control plane: chosen once, kept as long as nobody else took them.
import { createServer } from 'node:net';
import { readJson, writeJson } from './json-file.js';
import { folderNumber, inState } from './paths.js';

export const PORT_NAMES = [
  'frontend',
  'frontendHttp',
  'frontendMembership',
  'matching',
  'matchingMembership',
  'history',
  'historyMembership',
  'internal',
  'internalMembership',
  'metrics',
  'ui',
  'codec',
] as const;

export type PortName = (typeof PORT_NAMES)[number];
export type Ports = Record<PortName, number>;

/** Below the range that the kernel gives to outgoing connections, and apart for each state folder. */
const FIRST = 17_000;
const LAST = 31_000;
const STRIDE = 16;

/** The ports of `check` have nobody of ours listening now: if one is in use, somebody else has it. */
export async function choosePorts(check: readonly PortName[] = PORT_NAMES): Promise<Ports> {
  const path = inState('ports.json');
  const kept = readJson<Partial<Ports>>(path) ?? {};
  const ports = await fillPorts({ kept, check, from: firstPort(), isFree: canListen });
  writeJson(path, ports);
  return ports;
}

const firstPort = () => FIRST + STRIDE * folderNumber((LAST - FIRST) / STRIDE);

export interface Choice {
  kept: Partial<Ports>;
  check: readonly PortName[];
  from: number;
  isFree: (port: number) => Promise<boolean>;
}

/** A new port is none that another name keeps, so that one move does not cause the next. */
export async function fillPorts({ kept, check, from, isFree }: Choice): Promise<Ports> {
  const taken = new Set(Object.values(kept));
  const ports: Partial<Ports> = { ...kept };
  let next = from;
  for (const name of check) {
    let port = kept[name];
    while (port === undefined || !(await isFree(port))) {
      while (taken.has(next)) next++;
      port = next++;
    }
    ports[name] = port;
  }
  return ports as Ports;
}

export function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
