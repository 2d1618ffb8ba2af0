// The image of a server that nobody touched: a base, root's key, and the init that makes a container a machine.
import { readFileSync } from 'node:fs';
import { patiently, type Say } from '../../scripts/patiently.js';
import { debianSources, type Suite } from './apt-sources.js';
import { labAuthority } from './authority.js';
import { barePackages, baseTag, ensureBase } from './base.js';
import { buildFolder, type Files, inFolder, putFiles } from './build.js';
import { exclusively, fingerprint } from './cache.js';
import { hasImage } from './docker.js';
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
  return dockerfile(base, releases[distro].suite !== undefined && machineMirrors() !== undefined);
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
  const mirrors = machineMirrors();
  const authorities = extraAuthorities().map((each, i) => [localAuthority(i), `${each}\n`]);
  return {
    '.lab/init': guest('init.sh'),
    '.lab/setup': guest('setup.sh'),
    'root/.ssh/authorized_keys': `${labKey().publicKey}\n`,
    'etc/apt/apt.conf.d/90lab': await machineProxies(),
    ...(suite && mirrors ? { 'etc/apt/sources.list.d/debian.sources': debianSources(suite, mirrors) } : {}),
    ...Object.fromEntries(authorities),
    // So that Docker inside pulls from the lab's registry without a word of configuration.
    'usr/local/share/ca-certificates/clincher-lab.crt': labAuthority().certificate,
  };
}

function localAuthority(n: number): string {
  return `usr/local/share/ca-certificates/machine-${n + 1}.crt`;
}

function guest(name: string): string {
  return readFileSync(new URL(`./guest/${name}`, import.meta.url), 'utf8');
}

async function build(tag: string, instructions: string, files: Files): Promise<void> {
  const inRoot = Object.entries(files).map(([path, text]) => [`root/${path}`, text]);
  await inFolder(async (folder) => {
    putFiles(folder, { Dockerfile: instructions, ...Object.fromEntries(inRoot) });
    await buildFolder(tag, folder);
  });
}
