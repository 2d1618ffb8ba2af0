// On which ports sshd answers, by three witnesses: its own configuration, systemd's socket, and the kernel.
import * as sshd from '../commands/sshd.js';
import { isUp, type Units } from '../commands/systemd.js';

export interface Witnesses {
  effective: sshd.Effective;
  units: Units;
  listeners: sshd.Listener[];
}

/** Where the door is really open: sockets that sshd holds, or systemd for it. */
export function openPorts({ units, listeners }: Pick<Witnesses, 'units' | 'listeners'>): number[] {
  const socket = units['ssh.socket'];
  const isOurs = ({ port, by }: sshd.Listener): boolean =>
    by.some((name) => name.startsWith('sshd')) ||
    (by.includes('systemd') && isUp(socket) && socket.ports.includes(port));
  return [...new Set(listeners.filter(isOurs).map(({ port }) => port))].sort((a, b) => a - b);
}

/** Where it would be open after the next start of what is enabled: a running sshd proves nothing about a reboot. */
export function configuredPorts({ effective, units }: Pick<Witnesses, 'effective' | 'units'>): number[] {
  const socket = units['ssh.socket'];
  const isBySocket = isUp(socket) || socket.atBoot === 'enabled';
  const ports = isBySocket ? [...socket.ports, ...sshd.portsOf(effective)] : sshd.portsOf(effective);
  return [...new Set(ports)].sort((a, b) => a - b);
}

export const isListeningOnly = (witnesses: Witnesses, port: number): boolean =>
  [openPorts(witnesses), configuredPorts(witnesses)].every(
    (ports) => ports.length === 1 && ports[0] === port,
  );

export const socketDropIn = (ports: readonly number[]): string =>
  `# Written by clincher. The empty line forgets the ports of the unit, and of Ubuntu's generator.
[Socket]
ListenStream=
${ports.map((port) => `ListenStream=${port}\n`).join('')}BindIPv6Only=both
`;

/** A host without ssh.socket gets no drop-in for it. */
export const hasSocket = (units: Units): boolean => units['ssh.socket'].load !== 'not-found';
