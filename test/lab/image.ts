// The image of a server that nobody touched: a base, root's key, and the init that makes a container a machine.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { patiently, type Say } from '../../scripts/patiently.js';
import { debianSources, type Suite } from './apt-sources.js';
import { barePackages, baseTag, ensureBase } from './base.js';
import { exclusively, fingerprint } from './cache.js';
import { docker, hasImage, tryDocker } from './docker.js';
import { labKey } from './key.js';
import { machineMirrors, machineProxies } from './machine-apt.js';
import type { Distro } from './model.js';
import { type Pulled, pullImage } from './registry.js';
import { extraAuthorities } from './trust.js';

interface Release {
  published: string;
  suite?: Suite;
}

const releases: Record<Distro, Release> = {
  debian12: { published: 'debian:12', suite: 'bookworm' },
  debian13: { published: 'debian:13', suite: 'trixie' },
  ubuntu24: { published: 'ubuntu:24.04' },
};

type Files = Record<string, string>;

/** Returns the tag. What goes into the image is in its name: a change of any part makes a new one. */
export async function ensureImage(distro: Distro, say: Say): Promise<string> {
  return exclusively(`image-${distro}`, async () => {
    const files = await contents(distro);
    for (const base of possibleBases(distro)) {
      const tag = tagOf(distro, base, files);
      if (await hasImage(tag)) return tag;
    }
    const base = await ensureSomeBase(distro, say);
    const tag = tagOf(distro, base, files);
    await patiently(say, `Making the ${distro} server image`, () => build(tag, recipe(distro, base), files));
    return tag;
  });
}

export async function imageAvailable(distro: Distro, say: Say): Promise<Pulled> {
  if (releases[distro].suite) return { ok: true };
  return pullImage(releases[distro].published, say);
}

/** The published image where there is a registry; else a root file system made from packages. */
async function ensureSomeBase(distro: Distro, say: Say): Promise<string> {
  const { published, suite } = releases[distro];
  const pulled = await pullImage(published, say);
  if (pulled.ok) return published;
  if (!suite) throw new Error(`No ${distro} here: ${pulled.reason}`);
  return ensureBase(suite, say);
}

function possibleBases(distro: Distro): string[] {
  const { published, suite } = releases[distro];
  return suite ? [published, baseTag(suite)] : [published];
}

function tagOf(distro: Distro, base: string, files: Files): string {
  return `clincher-lab/${distro}:bare-${fingerprint(recipe(distro, base), JSON.stringify(files))}`;
}

function recipe(distro: Distro, base: string): string {
  return dockerfile(base, releases[distro].suite !== undefined);
}

function dockerfile(base: string, hasOwnSources: boolean): string {
  // Before the machine's mirrors are copied in: a published image comes with those of the registry's world.
  const install = `apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends ${barePackages.join(' ')} && rm -rf /var/lib/apt/lists/*`;
  const lines = [
    `FROM ${base}`,
    ...(base.startsWith('clincher-lab/') ? [] : [`RUN ${install}`]),
    ...(hasOwnSources ? ['RUN rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*'] : []),
    'COPY root/ /',
    'RUN sh /.lab/setup',
    'STOPSIGNAL SIGRTMIN+3',
    'ENTRYPOINT ["/.lab/init"]',
  ];
  return `${lines.join('\n')}\n`;
}

async function contents(distro: Distro): Promise<Files> {
  const { suite } = releases[distro];
  const authorities = extraAuthorities().map((each, i) => [localAuthority(i), `${each}\n`]);
  return {
    '.lab/init': guest('init.sh'),
    '.lab/setup': guest('setup.sh'),
    'root/.ssh/authorized_keys': `${labKey().publicKey}\n`,
    'etc/apt/apt.conf.d/90lab': await machineProxies(),
    ...(suite ? { 'etc/apt/sources.list.d/debian.sources': debianSources(suite, machineMirrors()) } : {}),
    ...Object.fromEntries(authorities),
  };
}

function localAuthority(n: number): string {
  return `usr/local/share/ca-certificates/machine-${n + 1}.crt`;
}

function guest(name: string): string {
  return readFileSync(new URL(`./guest/${name}`, import.meta.url), 'utf8');
}

async function build(tag: string, instructions: string, files: Files): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'clincher-lab-'));
  try {
    writeFileSync(`${folder}/Dockerfile`, instructions);
    for (const [path, text] of Object.entries(files)) put(`${folder}/root/${path}`, text);
    // Where the newer builder is not installed, its absence is an error unless the classic one is asked for.
    const classic = (await tryDocker(['buildx', 'version'])).code !== 0;
    const env = classic ? { DOCKER_BUILDKIT: '0' } : {};
    await docker(['build', '-q', '--network', 'host', '-t', tag, folder], { env });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function put(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
