// What both steps on sshd read, and the changes that put its configuration in the places where it counts.
import { type FileNow, file, fileChange, fileChangeBy, writeOrPutBack } from '../commands/files.js';
import { action } from '../commands/shell.js';
import * as sshd from '../commands/sshd.js';
import { type Units, units } from '../commands/systemd.js';
import type { Change, Guard, Server } from '../model.js';
import { change } from './define.js';
import { hasSocket, socketDropIn } from './ssh-listening.js';

export const SSH_GUARD: Guard = {
  restore: () => [sshd.MAIN, '/etc/ssh/sshd_config.d', '/etc/systemd/system/ssh.socket.d'],
  reload: [sshd.takeUp],
};

export const sshFacts = (want: Server) => ({
  effective: sshd.effective(want.ssh.user),
  listeners: sshd.listeners,
  units,
  conf: file(sshd.DROP_IN),
  socket: file(sshd.SOCKET_DROP_IN),
  includesFirst: sshd.includesFirst,
  others: sshd.listenLines,
});

interface Now {
  units: Units;
  conf: FileNow | null;
  socket: FileNow | null;
  includesFirst: boolean;
  others: string[];
}

/** Ours is read first, nobody else decides ports, and where a socket listens it listens where sshd would. */
export function sshFileChanges(now: Now, content: string, ports: readonly number[]): Change[] {
  const conf = { path: sshd.DROP_IN, content, mode: '0644' };
  const socket = { path: sshd.SOCKET_DROP_IN, content: socketDropIn(ports), mode: '0644' };
  return [
    ...(now.includesFirst
      ? []
      : [change(`${sshd.MAIN} reads its drop-ins first`, action(...sshd.includeFirst))]),
    ...(now.others.some(sshd.decidesPorts)
      ? [change('ports are decided in one file alone', action(...sshd.silenceListenLines))]
      : []),
    ...fileChangeBy(now.conf, conf, writeOrPutBack(conf, 'sshd -t')),
    ...(hasSocket(now.units) ? fileChange(now.socket, socket) : []),
  ];
}
