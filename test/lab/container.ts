// Starts the container that is a lab host, and reads back what there is from its labels.
import { docker, tryDocker } from './docker.js';
import type { Distro, SshMode } from './model.js';
import { addresses, ensureNetwork, network } from './network.js';

export interface Container {
  name: string;
  distro: Distro;
  sshMode: SshMode;
  octet: number;
  isUp: boolean;
  isPaused: boolean;
  isConnected: boolean;
  hasV6: boolean;
}

export const containerOf = (name: string): string => `clincher-lab-${name}`;

/** All capabilities but those that reach past the container: SYS_TIME, say, would set the machine's clock. */
const likeAMachine = [
  ...['--cap-add', 'ALL', '--cap-drop', 'SYS_RESOURCE', '--cap-drop', 'SYS_TIME'],
  ...['--cap-drop', 'SYS_MODULE', '--cap-drop', 'SYS_RAWIO', '--device-cgroup-rule', 'a *:* rwm'],
  ...['seccomp', 'apparmor', 'systempaths'].flatMap((what) => ['--security-opt', `${what}=unconfined`]),
  ...['--cgroupns', 'private'],
  ...['--tmpfs', '/run:exec', '--tmpfs', '/run/lock', '-v', '/var/lib/docker', '-v', '/var/lib/containerd'],
  // `reboot` inside ends the container; like a machine it comes back.
  ...['--restart', 'unless-stopped'],
];

export interface NewContainer {
  name: string;
  distro: Distro;
  sshMode: SshMode;
  octet?: number | undefined;
  memory: string;
  image: string;
}

export async function createContainer(o: NewContainer): Promise<void> {
  const withV6 = await ensureNetwork();
  for (let attempt = 1; ; attempt++) {
    const octet = o.octet ?? (await freeOctet());
    const result = await tryDocker(['run', '-d', ...words(o, octet, withV6)], { timeoutMs: 120_000 });
    if (result.code === 0) return;
    await tryDocker(['rm', '-fv', containerOf(o.name)]);
    // Another process may have taken the address between our look and our start.
    const isTaken = /address already in use/i.test(result.stderr);
    if (isTaken && o.octet)
      throw new Error(`10.66.0.${octet}, asked for ${o.name}, is in use by another host`);
    if (!isTaken || attempt === 5) throw new Error(`${o.name} does not start: ${result.stderr.trim()}`);
  }
}

function words(o: NewContainer, octet: number, withV6: boolean): string[] {
  const { address, address6 } = addresses(octet);
  const labels = { name: o.name, distro: o.distro, ssh: o.sshMode, octet: String(octet) };
  return [
    ...['--name', containerOf(o.name), '--hostname', o.name, '--label', 'clincher.lab'],
    ...Object.entries(labels).flatMap(([key, value]) => ['--label', `clincher.lab.${key}=${value}`]),
    ...['--network', network, '--ip', address, ...(withV6 ? ['--ip6', address6] : [])],
    ...['--memory', o.memory, '-e', `LAB_SSH=${o.sshMode}`, ...likeAMachine, o.image],
  ];
}

async function freeOctet(): Promise<number> {
  const taken = new Set((await listContainers()).map((each) => each.octet));
  for (let octet = 21; octet < 250; octet++) if (!taken.has(octet)) return octet;
  throw new Error('All addresses of the lab are taken: `npm run lab -- down`');
}

export async function listContainers(): Promise<Container[]> {
  const ids = await docker(['ps', '-aq', '--filter', 'label=clincher.lab.name']);
  return ids === '' ? [] : inspect(ids.split('\n'));
}

export async function findContainer(name: string): Promise<Container | undefined> {
  return (await inspect([containerOf(name)]))[0];
}

/** Of several, those that vanished meanwhile are simply not in the answer. */
async function inspect(ids: readonly string[]): Promise<Container[]> {
  const { stdout } = await tryDocker(['container', 'inspect', '--format', '{{json .}}', ...ids]);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => toContainer(JSON.parse(line) as Inspected));
}

interface Inspected {
  Config: { Labels: Record<string, string> };
  State: { Running: boolean; Paused: boolean };
  NetworkSettings: { Networks: Record<string, { IPAMConfig?: { IPv6Address?: string } | null } | undefined> };
}

function toContainer({ Config, State, NetworkSettings }: Inspected): Container {
  const label = (key: string): string => Config.Labels[`clincher.lab.${key}`] ?? '';
  const cable = NetworkSettings.Networks[network];
  return {
    name: label('name'),
    distro: label('distro') as Distro,
    sshMode: label('ssh') as SshMode,
    octet: Number(label('octet')),
    isUp: State.Running,
    isPaused: State.Paused,
    isConnected: cable !== undefined,
    hasV6: Boolean(cable?.IPAMConfig?.IPv6Address),
  };
}
