// Checks of the walls around each container, as Docker really put them up: the file may say one thing and yesterday's container have another.
import { type DockerNow, dockerNow, type Running } from '../commands/docker-api.js';
import type { Server } from '../model.js';
import { limitOf, sizeBytes } from '../stack/limits.js';
import { type Service, walled } from '../stack/service.js';
import { defineCheck, rerun, runsGateway, unless } from './define.js';
import { core } from './facts.js';
import { find } from './services.js';

/** Each of these services that has a container; that one is missing is another check's to say. */
export const each = (docker: DockerNow, list: readonly Service[]): [Service, Running][] =>
  list.flatMap((service) => {
    const now = find(docker, service);
    return now === undefined ? [] : [[service, now] as [Service, Running]];
  });

export function unlimited([definition, now]: [Service, Running], server: Server): string[] {
  const { service } = definition;
  const want = limitOf(server, service);
  const memory = sizeBytes(want.memory);
  const pids = (walled(server, definition)['deploy'] as Deploy).resources?.limits?.pids;
  return [
    ...(now.memory === memory ? [] : [`${service}: memory ${size(now.memory)}, should be ${want.memory}`]),
    ...(Math.abs(now.cpus - want.cpus) < 0.001
      ? []
      : [`${service}: ${now.cpus || 'unlimited'} cpus, should be ${want.cpus}`]),
    ...(pids === undefined || now.pids === pids
      ? []
      : [`${service}: ${now.pids > 0 ? now.pids : 'unlimited'} processes, should be ${pids}`]),
  ];
}

interface Deploy {
  resources?: { limits?: { pids?: number } };
}

const size = (bytes: number): string => (bytes === 0 ? 'unlimited' : `${Math.round(bytes / 2 ** 20)}m`);

export const limits = defineCheck({
  id: 'verify.limits',
  title: 'Memory, processors and processes of each container are limited as configured',
  why: 'One runaway agent would otherwise take the whole server, and the kernel would choose whom to kill.',
  source: 'guide Steps 3 and 10; CIS Docker 5.11, 5.12, 5.29',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ docker: dockerNow }),
  judge: ({ docker }, server) =>
    unless(
      each(docker, core(server)).flatMap((pair) => unlimited(pair, server)),
      'every limit is in effect',
      rerun(server, 'stack.compose,stack.services'),
    ),
});

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const bare = (names: readonly string[]): string =>
  names
    .map((name) => name.replace(/^CAP_/, ''))
    .sort()
    .join(', ');

export function holes([service, now]: [Service, Running], server: Server): string[] {
  const want = walled(server, service);
  const name = service.service;
  const hasPrivileges = !now.securityOpt.some((option) => /^no-new-privileges(:true|=true)?$/.test(option));
  const loose = now.securityOpt.filter((option) => /unconfined/.test(option));
  return [
    ...(now.privileged ? [`${name} is privileged: it is root on the host`] : []),
    ...(bare(now.capDrop).includes('ALL')
      ? []
      : [`${name} keeps capabilities: ${bare(now.capDrop) || 'none'} dropped`]),
    ...(bare(now.capAdd) === bare(strings(want['cap_add']))
      ? []
      : [
          `${name} was given ${bare(now.capAdd) || 'no capabilities'}, should be ${bare(strings(want['cap_add'])) || 'none'}`,
        ]),
    ...(hasPrivileges ? [`${name} may gain privileges by setuid programs`] : []),
    ...loose.map((option) => `${name} runs with ${option}`),
    ...(now.readOnly === (want['read_only'] === true) ? [] : [`${name} can write to its own file system`]),
  ];
}

export const walls = defineCheck({
  id: 'verify.walls',
  title: 'No container has capabilities, new privileges or a writable file system beyond what it needs',
  why: 'What gets into a container stays there only as long as these hold: they are the difference between a bad answer and a lost host.',
  source: 'guide Step 3; CIS Docker 5.3, 5.4, 5.12, 5.25',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ docker: dockerNow }),
  judge: ({ docker }, server) =>
    unless(
      each(docker, core(server)).flatMap((pair) => holes(pair, server)),
      'capabilities dropped, no new privileges, read-only: on every container',
      rerun(server, 'stack.compose,stack.services'),
    ),
});

interface Mount {
  target: string;
  /** Absent: a volume, wherever Docker keeps it. */
  source?: string;
  isWritable: boolean;
}

function mountsOf({ definition }: Service, { stack }: Server): Mount[] {
  const list: unknown[] = Array.isArray(definition['volumes']) ? definition['volumes'] : [];
  return list.map((volume) => {
    if (typeof volume === 'string') return { target: volume.split(':')[1] ?? '', isWritable: true };
    const { source, target, read_only } = volume as { source: string; target: string; read_only?: boolean };
    const at = source.startsWith('./') ? stack.directory + source.slice(1) : source;
    return { target, source: at, isWritable: read_only !== true };
  });
}

/** A link such as /var/run leads to the same place. */
const real = (path: string): string => path.replace(/^\/var\/run\//, '/run/');

export function misplaced([service, now]: [Service, Running], server: Server): string[] {
  const want = mountsOf(service, server);
  const name = service.service;
  const lacking = want.flatMap(({ target, source, isWritable }) => {
    const found = now.mounts.find(({ destination }) => destination === target);
    if (found === undefined) return [`${name}: nothing is mounted on ${target}`];
    if (source !== undefined && real(found.source) !== real(source))
      return [`${name}: ${target} is ${found.source || 'a volume'}, should be ${source}`];
    return found.writable && !isWritable ? [`${name} can write to ${target}`] : [];
  });
  const foreign = now.mounts
    .filter(({ type, destination }) => type !== 'tmpfs' && !want.some(({ target }) => target === destination))
    .map(({ source, destination }) => `${name} has ${source || 'a volume'} on ${destination}`);
  return [...lacking, ...foreign];
}

export const mounts = defineCheck({
  id: 'verify.mounts',
  title: 'Each container has the folders of the host that it needs, and no other',
  why: 'State that is not on its volume is gone with the container; and a Docker socket in the wrong one is root on the host.',
  source: 'guide Step 3; CIS Docker 5.5, 5.31; https://docs.openclaw.ai/install/docker',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ docker: dockerNow }),
  judge: ({ docker }, server) =>
    unless(
      each(docker, core(server)).flatMap((pair) => misplaced(pair, server)),
      'all mounts are as configured',
      rerun(server, 'stack.compose,stack.services'),
    ),
});
