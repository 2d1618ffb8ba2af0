// Makes a Debian root file system from packages alone, for machines that reach a mirror but no image registry.
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePackages, isRoot } from '../../scripts/packages.js';
import { patiently, type Say } from '../../scripts/patiently.js';
import { must } from '../../scripts/run.js';
import { SetupError } from '../../scripts/setup-error.js';
import { debianSources, type Suite } from './apt-sources.js';
import { exclusively, fingerprint, labCache } from './cache.js';
import { docker, hasImage } from './docker.js';
import { machineMirrors } from './machine-apt.js';

/** What every server has before anybody touches it. Ansible and pyinfra need the python3. */
export const barePackages = [
  ...['apt', 'systemd', 'systemd-sysv', 'dbus', 'openssh-server', 'sudo', 'curl', 'python3', 'python3-apt'],
  ...['ca-certificates', 'iproute2', 'procps', 'kmod', 'netbase', 'systemd-timesyncd'],
];

const leftOut = [
  '--dpkgopt=path-exclude=/usr/share/doc/*',
  '--dpkgopt=path-exclude=/usr/share/man/*',
  '--dpkgopt=path-exclude=/usr/share/locale/*',
  '--aptopt=Acquire::Languages "none"',
];

/** What a container's image has: neither systemd nor a way to log in. */
export const slimPackages = ['apt', 'ca-certificates'];

export function baseTag(suite: Suite, packages = barePackages): string {
  const recipe = [suite, sourcesOf(suite) ?? '', ...packages, ...leftOut];
  return `clincher-lab/${suite}:base-${fingerprint(...recipe)}`;
}

export async function ensureBase(suite: Suite, say: Say, packages = barePackages): Promise<string> {
  const tag = baseTag(suite, packages);
  await exclusively(suite, async () => {
    if (await hasImage(tag)) return;
    const tar = labCache(`${tag.split('/').at(-1)!.replace(':', '-')}.tar`);
    if (!existsSync(tar)) await bootstrap(suite, packages, tar, say);
    await patiently(say, `Loading the ${suite} root file system`, () => docker(['import', tar, tag]));
  });
  return tag;
}

const sourcesOf = (suite: Suite): string | undefined => {
  const mirrors = machineMirrors();
  return mirrors && debianSources(suite, mirrors);
};

async function bootstrap(suite: Suite, packages: string[], tar: string, say: Say): Promise<void> {
  await exclusively('packages', () => ensurePackages(['mmdebstrap', 'debian-archive-keyring'], { say }));
  const sources = sourcesOf(suite);
  if (sources === undefined)
    throw new SetupError(
      `this machine’s APT names no mirror of Debian to make ${suite} from; add one, or let Docker reach its registry`,
    );
  const folder = mkdtempSync(join(tmpdir(), 'clincher-lab-'));
  try {
    writeFileSync(`${folder}/debian.sources`, sources);
    const words = [
      'mmdebstrap',
      `--mode=${isRoot() ? 'root' : 'unshare'}`,
      '--variant=minbase',
      '--format=tar',
    ];
    const what = [`--include=${packages.join(',')}`, ...leftOut, suite, `${tar}.part`];
    await patiently(say, `Making a ${suite} root file system from packages (half a minute, once)`, () =>
      inMemory(folder, [...words, ...what, `${folder}/debian.sources`]),
    );
    renameSync(`${tar}.part`, tar);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Twice as fast in memory. The mount is private to the command, so nothing is left when it is killed. */
async function inMemory(folder: string, command: string[]): Promise<void> {
  const env = { TMPDIR: folder };
  if (!isRoot() || freeMegabytes() < 3000) return void (await must(command[0]!, command.slice(1), { env }));
  const mounted =
    'd=$1; shift; mkdir -p "$d/work" && mount -t tmpfs -o size=2500m,mode=1777 lab "$d/work" && TMPDIR=$d/work exec "$@"';
  await must('unshare', ['--mount', 'sh', '-c', mounted, 'sh', folder, ...command]);
}

function freeMegabytes(): number {
  const found = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'));
  return Number(found?.[1] ?? 0) / 1024;
}
