// What can be known to be wrong before the first change. All of it is said at once.
import * as apt from '../commands/apt.js';
import * as containers from '../commands/containers.js';
import * as machine from '../commands/machine.js';
import * as network from '../commands/network.js';
import * as sshd from '../commands/sshd.js';
import type { ErrorCode } from '../errors.js';
import type { FactValues, HostContext, Server } from '../model.js';
import { PROXY_NET } from '../stack/service.js';
import { PROJECT } from '../stack/services.js';
import { packagesFor } from './base-packages.js';
import { EVERY_DOCKER, UPSTREAM } from './docker-packages.js';
import { GIB, gib, imageBytes, limitProblems, subnetProblems } from './preflight-stack.js';
import { runsStack } from './stack-file-step.js';

export interface Problem {
  code: ErrorCode;
  message: string;
}

const SUPPORTED: Readonly<Record<string, readonly string[]>> = {
  debian: ['12', '13'],
  ubuntu: ['22.04', '24.04'],
};

const DISK_BYTES = 5 * GIB;
const MEMORY_BYTES = 0.9 * GIB;
/** Certificates and tokens begin to fail. */
const CLOCK_MS = 30_000;

/** Of packages whatever the distribution: which of them count is known once the distribution is. */
const asked = (want: Server): string[] => {
  const everywhere = [
    { id: 'debian', version: '12', codename: '' },
    { id: 'debian', version: '13', codename: '' },
    { id: 'ubuntu', version: '24.04', codename: '' },
  ];
  return [...new Set(everywhere.flatMap((os) => packagesFor(want, os)))].sort();
};

export const preflightFacts = (want: Server) => ({
  clock: machine.clock,
  os: machine.os,
  init: machine.init,
  free: machine.free,
  memory: machine.memory,
  cpus: machine.cpus,
  images: containers.images,
  subnets: network.subnets,
  proxyNet: containers.networkOf(PROJECT, PROXY_NET),
  managers: machine.managers,
  sites: machine.aptSites,
  broken: apt.broken,
  holders: apt.holders,
  candidates: apt.candidates(asked(want)),
  installed: apt.installed([...EVERY_DOCKER, 'iptables-persistent', 'netfilter-persistent', 'firewalld']),
  listeners: sshd.listeners,
});

export type PreflightValues = FactValues<ReturnType<typeof preflightFacts>>;

export function preflightProblems(
  now: PreflightValues,
  want: Server,
  { nowMs }: { nowMs: number },
): Problem[] {
  const strange = unsupported(now.os);
  return [
    ...strange,
    ...(runsStack(want) ? limitProblems(now, want) : memory(now)).map((message) => ({
      ...{ code: 'HOST_TOO_SMALL' as const, message },
    })),
    ...[
      ...(now.init === 'systemd' ? [] : [`PID 1 is ${now.init}, not systemd`]),
      ...disk(now, want),
      ...(runsStack(want) ? subnetProblems(now.subnets, now.proxyNet, want) : []),
      ...clock(now.clock, nowMs),
      ...names(now),
      // Which packages a system would need is known of those that are supported.
      ...(strange.length > 0 ? [] : packages(now, want)),
      ...taken(now, want),
    ].map((message) => ({ code: 'PREFLIGHT_FAILED' as const, message })),
    ...now.holders.map((who) => ({ code: 'APT_LOCKED' as const, message: `apt is held by ${who}` })),
  ];
}

function unsupported({ id, version }: HostContext['os']): Problem[] {
  if (SUPPORTED[id]?.includes(version)) return [];
  return [{ code: 'OS_UNSUPPORTED', message: `${id || 'an unknown system'} ${version} is not supported` }];
}

/** Where Docker keeps its images, those that are missing come on top. */
function disk({ free, images }: PreflightValues, want: Server): string[] {
  const extra = runsStack(want) ? imageBytes(images, want) : 0;
  const ofDocker = dockerDisk(free);
  return free.flatMap(({ path, bytes }) => {
    const isDocker = path === ofDocker && extra > 0;
    const needed = DISK_BYTES + (isDocker ? extra : 0);
    const what = isDocker ? `, about ${gib(extra)} of them for images` : '';
    return bytes < needed ? [`${path} has ${gib(bytes)} free, ${gib(needed)} are needed${what}`] : [];
  });
}

/** The file system of /var/lib/docker: the longest of the paths that were read. */
const dockerDisk = (free: PreflightValues['free']): string | undefined =>
  free
    .map(({ path }) => path)
    .reduce<string | undefined>((a, b) => (b.length > (a?.length ?? 0) ? b : a), undefined);

const memory = ({ memory: bytes }: PreflightValues): string[] =>
  bytes < MEMORY_BYTES ? [`the host has ${gib(bytes)} of memory, ${gib(MEMORY_BYTES)} are needed`] : [];

function clock(hostMs: number, nowMs: number): string[] {
  const off = hostMs - nowMs;
  if (Math.abs(off) <= CLOCK_MS) return [];
  return [
    `the clock is ${Math.round(Math.abs(off) / 1000)} s ${off > 0 ? 'ahead' : 'behind'}; certificates fail on that`,
  ];
}

const names = ({ sites }: PreflightValues): string[] =>
  sites.filter(({ resolves }) => !resolves).map(({ host }) => `${host} cannot be resolved; APT needs it`);

function packages({ broken, candidates, os }: PreflightValues, want: Server): string[] {
  const missing = packagesFor(want, os).filter((name) => !candidates.has(name));
  // A fresh image has no lists yet: then nothing is known of any package, and installing fetches them first.
  const knows = candidates.has('ca-certificates');
  return [
    ...(broken === '' ? [] : [`APT is broken: ${broken}`]),
    ...(knows && missing.length > 0 ? [`no package source has ${missing.join(', ')}`] : []),
  ];
}

function taken({ listeners, installed, managers }: PreflightValues, want: Server): string[] {
  const { port } = want.ssh;
  const other = listeners.find(
    (one) => one.port === port && !one.by.some((name) => /^(sshd|systemd)/.test(name)),
  );
  const { source } = want.docker;
  const walls = ['iptables-persistent', 'netfilter-persistent', 'firewalld'].filter((name) =>
    installed.has(name),
  );
  return [
    ...(other
      ? [`port ${port} is taken by ${other.by.join(', ') || 'another program'}, SSH is to listen there`]
      : []),
    ...(source === 'docker' && installed.has('docker.io')
      ? ['docker.io is installed and docker.source is `docker`: remove it, or set docker.source to `present`']
      : []),
    ...(source === 'distribution' && UPSTREAM.some((name) => installed.has(name))
      ? [
          'Docker’s own packages are installed and docker.source is `distribution`: set it to `docker` or `present`',
        ]
      : []),
    ...(want.firewall.enabled ? walls.map((name) => `${name} is installed, and would fight with ufw`) : []),
    ...managers.map((name) => `${name} is enabled, and would undo what clincher does`),
  ];
}
