// monitoring.services: what watches runs as its files say, and is healthy.
import * as compose from '../commands/compose.js';
import { type Container, containersOf } from '../commands/containers.js';
import { sh } from '../commands/shell.js';
import type { Change, Fact, Server } from '../model.js';
import { certificatesIn, monitorPart } from '../monitoring/files.js';
import { MONITOR_PROJECT, monitorFolder } from '../monitoring/places.js';
import { monitorServices } from '../monitoring/services.js';
import { PART_LABEL } from '../stack/part.js';
import { isMonitor } from '../stack/watched.js';
import { change, defineStep } from './define.js';

const BUDGET_SECONDS = 180;

function wrong(want: Server, there: readonly Container[]): [service: string, why: string][] {
  return monitorServices(want).flatMap((each): [string, string][] => {
    const now = there.find(({ name }) => name === each.container);
    const why =
      now === undefined
        ? 'is missing'
        : now.state !== 'running'
          ? `is ${now.state}`
          : now.health !== 'healthy'
            ? `is ${now.health || 'without a health check'}`
            : now.image !== each.image
              ? 'runs another image'
              : now.labels[PART_LABEL] === monitorPart(want, each)
                ? ''
                : 'runs with older files';
    return why === '' ? [] : [[each.service, why]];
  });
}

/** Services that a secret, or a hand, has changed a file of since they were started; seconds since 1970 by service. */
const written = (want: Server): Fact<Map<string, number>> => ({
  read: sh(
    `cd -- "$1" 2>/dev/null || exit 0; stamps=$2; shift 2
for s in "$@"; do [ -d "\${s#*:}" ] && printf '%s %s\\n' "\${s%%:*}" "$(find "\${s#*:}" -type f -printf '%T@\\n' | sort -n | tail -n 1)"; [ -e "$stamps/monitor-\${s%%:*}" ] && printf '@%s %s\\n' "\${s%%:*}" "$(stat -c %Y "$stamps/monitor-\${s%%:*}")"; done; true`,
    monitorFolder(want),
    compose.READ_STAMPS,
    ...monitorServices(want).flatMap(({ service, reads }) => reads.map((folder) => `${service}:${folder}`)),
  ),
  parse: ({ stdout }) =>
    new Map(
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(' '))
        .map(([name = '', at = '0']) => [name, Math.floor(Number.parseFloat(at))]),
    ),
});

function behind(want: Server, there: readonly Container[], times: ReadonlyMap<string, number>): string[] {
  return monitorServices(want).flatMap(({ service, container }) => {
    const created = there.find(({ name }) => name === container)?.created;
    if (created === undefined) return [];
    const since = Math.max(created, times.get(`@${service}`) ?? 0);
    return (times.get(service) ?? 0) > since ? [service] : [];
  });
}

function leftOver(there: readonly Container[], want: Server): Change[] {
  const kept = monitorServices(want).map(({ container }) => container);
  const names = there.map(({ name }) => name).filter((name) => !kept.includes(name));
  return names.length === 0 ? [] : [change(`remove: ${names.join(', ')}`, compose.remove(names))];
}

export const monitoringServices = defineStep({
  id: 'monitoring.services',
  title: 'What watches runs as configured, and is healthy',
  why: 'Whoever watches and does not run says nothing, which looks like good news.',
  source: 'guide Step 13.2.1',
  // The images come by themselves, beside the files: both must be there.
  after: ['monitoring.files', 'monitoring.images'],
  timeoutMs: 15 * 60_000,
  wanted: isMonitor,
  // Files count by their contents, and a certificate is part of them.
  publicKeys: certificatesIn,
  facts: (want) => ({ containers: containersOf(MONITOR_PROJECT), written: written(want) }),
  plan({ containers, written: times }, want) {
    const sick = wrong(want, containers);
    const late = behind(want, containers, times).filter((name) => !sick.some(([each]) => each === name));
    const folder = monitorFolder(want);
    const names = monitorServices(want).map(({ service }) => service);
    const said = sick.map(([name, why]) => `${name} ${why}`).join('; ');
    return [
      ...leftOver(containers, want),
      ...(sick.length === 0 ? [] : [change(`start: ${said}`, compose.up(folder, names, BUDGET_SECONDS))]),
      ...(late.length === 0
        ? []
        : [
            change(
              `start anew, since files were written: ${late.join(', ')}`,
              compose.restart(folder, late, 'monitor-'),
              compose.up(folder, late, BUDGET_SECONDS),
            ),
          ]),
    ];
  },
});
