// base.docker: a Docker engine from where the configuration says, running now and after the next boot.
import * as apt from '../commands/apt.js';
import { type FileNow, file, fileChangeBy, remove } from '../commands/files.js';
import * as keyring from '../commands/keyring.js';
import { action } from '../commands/shell.js';
import { bringUp, isUpAndStays, units } from '../commands/systemd.js';
import type { Change, HostContext, Server } from '../model.js';
import { dpkg } from './base-packages.js';
import { change, defineStep } from './define.js';
import * as packages from './docker-packages.js';

/** Where Docker's own script puts the same repository; two entries with different keys stop APT altogether. */
const SCRIPT_SOURCE = '/etc/apt/sources.list.d/docker.list';

interface Now {
  installed: Map<string, string>;
  key: string[];
  source: FileNow | null;
  scriptSource: FileNow | null;
}

/** Packages that APT verifies, from a key that we verified. */
function fromUpstream(
  { installed, key, source, scriptSource }: Now,
  want: Server,
  { os, arch }: HostContext,
): Change[] {
  // Replacing an engine under its containers is not ours to decide.
  if (installed.has('docker.io')) throw new Error('docker.io is installed; docker.source is `docker`');
  const missing = packages.UPSTREAM.filter((name) => !installed.has(name));
  const isPinned = key.length === 1 && key[0] === packages.DOCKER_KEY;
  const aim = packages.dockerSource(want, os, arch);
  const url = `${packages.repositoryOf(want, os)}/gpg`;
  return [
    ...(isPinned
      ? []
      : [
          change(
            'trust the key of Docker’s repository',
            keyring.fetch(url, packages.DOCKER_KEY, packages.DOCKER_KEYRING),
          ),
        ]),
    ...(scriptSource
      ? [change(`remove ${SCRIPT_SOURCE}, the same repository again`, action(...remove(SCRIPT_SOURCE)))]
      : []),
    ...fileChangeBy(source, aim, apt.addSource(aim)),
    ...(missing.length > 0 ? [change(`install ${missing.join(', ')}`, apt.install(...missing))] : []),
  ];
}

export const baseDocker = defineStep({
  id: 'base.docker',
  title: 'Docker is installed and runs',
  why: 'Everything that is served runs in containers; a daemon that is not enabled is gone after the first reboot.',
  source: 'guide Step 1; https://docs.docker.com/engine/install/',
  after: ['base.packages'],
  timeoutMs: 20 * 60_000,
  facts: () => ({
    installed: dpkg,
    units,
    key: keyring.fingerprints(packages.DOCKER_KEYRING),
    source: file(packages.DOCKER_SOURCE),
    scriptSource: file(SCRIPT_SOURCE),
  }),
  plan(now, want, host) {
    const unit = now.units['docker.service'];
    if (want.docker.source === 'present' && unit.load !== 'loaded')
      throw new Error('docker.source is `present`, and this host has no docker.service');
    const changes = want.docker.source === 'docker' ? fromUpstream(now, want, host) : [];
    return isUpAndStays(unit)
      ? changes
      : [...changes, change('start docker, now and at boot', bringUp('docker.service'))];
  },
});
