// Which Docker the host has, and what its daemon.json says.
import * as docker from '../commands/docker.js';
import { file } from '../commands/files.js';
import { units } from '../commands/systemd.js';
import type { FoundValue } from '../model.js';
import { dpkg } from '../steps/base-packages.js';
import { defineDiscovery, found } from './define.js';

/** Replacing an engine under its containers is nobody's wish. */
function sourceOf(installed: Map<string, string>, isThere: boolean): string | undefined {
  if (installed.has('docker-ce')) return 'docker';
  if (installed.has('docker.io')) return 'distribution';
  return isThere ? 'present' : undefined;
}

interface Daemon {
  dns?: unknown;
  'log-opts'?: { 'max-size'?: unknown; 'max-file'?: unknown };
  'default-ulimits'?: { nofile?: { Soft?: unknown } };
}

/** dockerd does not start with a broken one, so it is no reason to stop here. */
function daemonOf(content: string | undefined): Daemon {
  try {
    return (JSON.parse(content || '{}') ?? {}) as Daemon;
  } catch {
    return {};
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined =>
  value !== undefined && Number.isInteger(Number(value)) ? Number(value) : undefined;
const texts = (value: unknown): FoundValue | undefined =>
  Array.isArray(value) && value.length > 0 ? value.map(String) : undefined;

export const discoverDocker = defineDiscovery({
  id: 'docker',
  facts: () => ({ installed: dpkg, conf: file(docker.DAEMON_JSON), units }),
  found({ installed, conf, units: now }) {
    const { dns, 'log-opts': logs, 'default-ulimits': limits } = daemonOf(conf?.content);
    const from = docker.DAEMON_JSON;
    return [
      ...found('docker.source', sourceOf(installed, now['docker.service'].load === 'loaded'), 'dpkg'),
      ...found('docker.dns', texts(dns), from),
      ...found('docker.log_max_size', text(logs?.['max-size']), from),
      ...found('docker.log_max_file', number(logs?.['max-file']), from),
      ...found('docker.nofile', number(limits?.nofile?.Soft), from),
    ];
  },
});
