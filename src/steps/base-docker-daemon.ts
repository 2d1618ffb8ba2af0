// base.docker-daemon: the guide's settings in daemon.json, merged with what others put there, and in effect.
import * as docker from '../commands/docker.js';
import { type FileNow, type FileWant, file, fileChangeBy } from '../commands/files.js';
import { isUp, units } from '../commands/systemd.js';
import type { Server } from '../model.js';
import { change, defineStep } from './define.js';

type Json = Record<string, unknown>;

const guide = ({ docker: { dns, log_max_size, log_max_file, nofile } }: Server): Json => ({
  'log-driver': 'json-file',
  'log-opts': { 'max-size': log_max_size, 'max-file': log_max_file },
  'live-restore': true,
  'default-ulimits': { nofile: { Name: 'nofile', Soft: nofile, Hard: nofile } },
  dns,
  'max-concurrent-downloads': 4,
  'max-concurrent-uploads': 2,
});

/** Objects are merged key by key, everything else is ours; keys that we do not know stay. */
function merge(now: Json, ours: Json): Json {
  const merged = Object.entries(ours).map(([key, value]) => {
    const old = now[key];
    return [key, isObject(old) && isObject(value) ? merge(old, value) : value];
  });
  return { ...now, ...Object.fromEntries(merged) };
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(now: FileNow | null): Json {
  if (now === null || now.content.trim() === '') return {};
  const json = jsonOf(now.content);
  // dockerd would not start with it either; whose it is and what they meant is not ours to guess.
  if (!isObject(json)) throw new Error(`${docker.DAEMON_JSON} holds no JSON object`);
  return json;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is there already and says the same stays as it is, its layout and the order of its keys included. */
function wanted(now: FileNow | null, want: Server): FileWant {
  const old = parse(now);
  const merged = merge(old, guide(want));
  const isSame = now !== null && stable(old) === stable(merged);
  const content = isSame ? now.content : `${JSON.stringify(merged, null, 2)}\n`;
  return { path: docker.DAEMON_JSON, content, mode: '0644' };
}

const stable = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );

export const baseDockerDaemon = defineStep({
  id: 'base.docker-daemon',
  title: 'Docker rotates logs and keeps containers over its own restart',
  why: 'Logs without an end fill the disk, and without live-restore each update of Docker stops every service.',
  source: 'guide Step 1; dockerd(8); https://docs.docker.com/engine/daemon/live-restore/',
  after: ['base.docker'],
  facts: () => ({ conf: file(docker.DAEMON_JSON), isStale: docker.isStale, engine: docker.engine, units }),
  plan({ conf, isStale, engine, units: now }, want) {
    const aim = wanted(conf, want);
    const changes = fileChangeBy(conf, aim, docker.configure(aim));
    if (changes.length > 0) return changes;
    if (!isUp(now['docker.service'])) return [change('start docker with its configuration', docker.takeUp)];
    if (engine === null) throw new Error('docker.service is active, and nothing answers on its socket');
    const isInEffect = engine.isLiveRestore && engine.logDriver === 'json-file';
    return isStale || !isInEffect
      ? [change('restart docker: it runs with an older configuration', docker.takeUp)]
      : [];
  },
  notes: ({ engine }) =>
    engine === null || ['overlay2', 'overlayfs'].includes(engine.storageDriver)
      ? []
      : [
          `images are stored by ${engine.storageDriver}; overlay2 would be faster, and changing it loses them`,
        ],
});
