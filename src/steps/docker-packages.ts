// Which packages are Docker and Compose v2, by source and distribution; and where Docker's own come from.
import type { FileWant } from '../commands/files.js';
import type { HostContext, Server } from '../model.js';

type Os = HostContext['os'];

export const UPSTREAM = [
  'docker-ce',
  'docker-ce-cli',
  'containerd.io',
  'docker-buildx-plugin',
  'docker-compose-plugin',
];

/** Names differ: Ubuntu has `docker-compose-v2`; Debian 13 calls v2 `docker-compose`; Debian 12 has only v1 of it. */
export function distributionPackages({ id, version }: Os): string[] {
  if (id === 'ubuntu') return ['docker.io', 'docker-compose-v2', 'docker-buildx'];
  if (version === '12') return ['docker.io', 'docker-compose'];
  return ['docker.io', 'docker-cli', 'docker-compose', 'docker-buildx'];
}

/** Whatever a step may ask dpkg about, so that all ask in the same words. */
export const EVERY_DOCKER = [
  ...UPSTREAM,
  'docker.io',
  'docker-cli',
  'docker-compose',
  'docker-compose-v2',
  'docker-buildx',
];

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');

/**
 * Debian 12 has no Compose v2. Debian 13's package needs nothing that 12 lacks, so it is taken from there, signed by the
 * same keyring; the pin keeps everything else of Debian 13 out.
 */
export const COMPOSE_SOURCE = '/etc/apt/sources.list.d/clincher-compose.sources';

/** `archive`: where the host fetches Debian from itself, which has every release. */
export const composeSource = (archive: string): FileWant => ({
  path: COMPOSE_SOURCE,
  content: lines(
    '# Written by clincher (base.packages): Compose v2, which Debian 12 has not.',
    'Types: deb',
    `URIs: ${archive}`,
    'Suites: trixie',
    'Components: main',
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
  ),
  mode: '0644',
});

export const COMPOSE_PIN: FileWant = {
  path: '/etc/apt/preferences.d/clincher-compose',
  content: lines(
    '# Written by clincher (base.packages): of Debian 13, docker-compose alone.',
    'Package: docker-compose',
    'Pin: release n=trixie',
    'Pin-Priority: 990',
    '',
    'Package: *',
    'Pin: release n=trixie',
    'Pin-Priority: -10',
  ),
  mode: '0644',
};

/** Of the key that signs Docker's repository: https://docs.docker.com/engine/install/debian/ */
export const DOCKER_KEY = '9DC858229FC7DD38854AE2D88D81803C0EBFCD88';
export const DOCKER_KEYRING = '/etc/apt/keyrings/docker.asc';
export const DOCKER_SOURCE = '/etc/apt/sources.list.d/docker.sources';

export const repositoryOf = (want: Server, os: Os): string =>
  `${want.docker.apt_repository.replace(/\/+$/, '')}/${os.id}`;

export const dockerSource = (want: Server, os: Os, arch: string): FileWant => ({
  path: DOCKER_SOURCE,
  content: lines(
    '# Written by clincher (base.docker).',
    'Types: deb',
    `URIs: ${repositoryOf(want, os)}`,
    `Suites: ${os.codename}`,
    'Components: stable',
    `Architectures: ${arch}`,
    `Signed-By: ${DOCKER_KEYRING}`,
  ),
  mode: '0644',
});
