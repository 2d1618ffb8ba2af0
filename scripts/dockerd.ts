// Starts dockerd by hand on a machine without systemd, with folders of its own, so that it outlives the script.
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { run } from './run.js';

const kept = '/var/lib/clincher-engine';
const live = '/run/clincher-engine';
const ownSocket = `${live}/docker.sock`;
const usualSocket = '/var/run/docker.sock';
const pidFile = `${live}/dockerd.pid`;

/** An engine that an earlier script started on the socket of its own: children find it by DOCKER_HOST. */
export async function useOwnSocket(): Promise<boolean> {
  if (process.env['DOCKER_HOST'] || !(await accepts(ownSocket))) return false;
  process.env['DOCKER_HOST'] = `unix://${ownSocket}`;
  return true;
}

/** Returns where the log is. The caller waits until the engine answers. */
export async function startByHand(): Promise<string> {
  const log = `${kept}/dockerd.log`;
  mkdirSync(kept, { recursive: true });
  mkdirSync(live, { recursive: true });
  const socket = usable(usualSocket) ? usualSocket : ownSocket;
  if (socket === ownSocket) process.env['DOCKER_HOST'] = `unix://${ownSocket}`;
  if (isAlive(pidFile, 'dockerd')) return log;
  await clearLeftovers();
  const output = openSync(log, 'a');
  spawn(
    'sh',
    [
      '-c',
      'ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec dockerd "$@"',
      'sh',
      ...options(socket),
    ],
    {
      detached: true,
      stdio: ['ignore', output, output],
      cwd: '/',
    },
  ).unref();
  await raiseInotify();
  return log;
}

function options(socket: string): string[] {
  // 1400: a network card of less than 1500 (tunnels, small VMs) would otherwise swallow large packets.
  return [
    ...['--data-root', `${kept}/data`, '--exec-root', `${live}/exec`, '--pidfile', pidFile],
    ...['--host', `unix://${socket}`, '--mtu', '1400'],
  ];
}

/** A killed engine or a machine that went down leaves pid files and sockets, which would stop the next one. */
async function clearLeftovers(): Promise<void> {
  rmSync(pidFile, { force: true });
  const supervised = `${live}/exec/containerd/containerd.pid`;
  if (!isAlive(supervised, 'containerd')) rmSync(supervised, { force: true });
  const shared = '/run/containerd/containerd.sock';
  if (existsSync(shared) && !(await accepts(shared))) rmSync(shared, { force: true });
}

function isAlive(file: string, program: string): boolean {
  try {
    const pid = readFileSync(file, 'utf8').trim();
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === program;
  } catch {
    return false;
  }
}

function usable(socket: string): boolean {
  const found = lstatSync(socket, { throwIfNoEntry: false });
  return !found || found.isSocket();
}

function accepts(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(socket, () => resolve(client.destroy() && true));
    client.on('error', () => resolve(false));
  });
}

/** Each systemd in a container takes several watchers; the kernel's 128 are gone after two hosts. */
async function raiseInotify(): Promise<void> {
  const key = 'fs.inotify.max_user_instances';
  const now = Number((await run('sysctl', ['-n', key])).stdout);
  if (now < 2048) await run('sysctl', ['-w', `${key}=2048`]);
}
