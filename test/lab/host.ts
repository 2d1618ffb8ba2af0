// One lab host: what can be done to it from outside, and when it counts as up.
import { createHash } from 'node:crypto';
import { type Container, containerOf, findContainer } from './container.js';
import { docker, tryDocker } from './docker.js';
import type { ExecResult, LabHost } from './model.js';
import { addresses, ensureNetwork, network } from './network.js';

export async function toHost(found: Container): Promise<LabHost> {
  const { name, distro, sshMode } = found;
  const id = containerOf(name);
  const { address, address6 } = addresses(found.octet);
  return {
    ...{ name, distro, sshMode, address, ...(found.hasV6 ? { address6 } : {}) },
    hostKeys: (await publicHostKeys(name)).map(fingerprintOf),
    exec: (line, o) => execIn(name, line, o),
    reboot: () =>
      docker(['restart', '-t', '30', id])
        .then(() => settled(name))
        .then(() => {}),
    kill: () => docker(['kill', id]).then(() => {}),
    start: () =>
      docker(['start', id])
        .then(() => settled(name))
        .then(() => {}),
    pause: () => docker(['pause', id]).then(() => {}),
    unpause: () => docker(['unpause', id]).then(() => {}),
    disconnect: () => docker(['network', 'disconnect', network, id]).then(() => {}),
    connect: () => plugIn(found),
    remove: () => docker(['rm', '-fv', id]).then(() => {}),
  };
}

export function execIn(
  name: string,
  line: string,
  o: { timeoutMs?: number; input?: string } = {},
): Promise<ExecResult> {
  return tryDocker(['exec', '-i', containerOf(name), 'bash', '-c', line], o);
}

export async function plugIn(found: Container): Promise<void> {
  const { address, address6 } = addresses(found.octet);
  const v6 = (await ensureNetwork()) ? ['--ip6', address6] : [];
  await docker(['network', 'connect', '--ip', address, ...v6, network, containerOf(found.name)]);
}

/** Whatever was done to it: runs again, not paused, cable in. */
export async function revive(found: Container): Promise<void> {
  const id = containerOf(found.name);
  if (found.isPaused) await docker(['unpause', id]);
  if (!found.isUp) await docker(['start', id]);
  if (!found.isConnected) await plugIn(found);
  await settled(found.name);
}

/** Until systemd has done what it does at boot. Failed units are told, not hidden, but they are an answer. */
export async function settled(name: string): Promise<string> {
  const deadline = Date.now() + 90_000;
  let said = '';
  while (Date.now() < deadline) {
    const result = await execIn(name, 'systemctl is-system-running --wait', { timeoutMs: 60_000 });
    said = result.stdout.trim() || result.stderr.trim();
    if (said === 'running' || said === 'degraded') return said;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const log = await tryDocker(['logs', '--tail', '5', containerOf(name)]);
  throw new Error(`${name} does not come up: ${said}\n${log.stdout}${log.stderr}`.trim());
}

/** Lines `type base64`, ed25519 first, read from the file system, so that a stopped host has them too. */
export async function publicHostKeys(name: string): Promise<string[]> {
  const { stdout } = await tryDocker(['cp', `${containerOf(name)}:/etc/ssh`, '-']);
  const found = stdout.match(/(?:ssh-ed25519|ecdsa-sha2-nistp\d+|ssh-rsa) AAAA[A-Za-z0-9+/]+=*/g) ?? [];
  const rank = (line: string): number =>
    ['ssh-ed', 'ecdsa', 'ssh-rsa'].findIndex((type) => line.startsWith(type));
  return [...new Set(found)].sort((a, b) => rank(a) - rank(b));
}

function fingerprintOf(line: string): string {
  const key = Buffer.from(line.split(' ')[1]!, 'base64');
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

export async function requireContainer(name: string): Promise<Container> {
  const found = await findContainer(name);
  if (!found) throw new Error(`There is no lab host ${name}: \`npm run lab -- up ${name}\``);
  return found;
}
