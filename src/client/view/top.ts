// A host and its containers as they are now: load, memory and disks first, then who uses what.
import type { HostUse } from '../../commands/host-top.js';
import { paint, type View } from './style.js';
import { table } from './table.js';
import { bytes, cut, safe } from './text.js';
import { duration } from './time.js';

export interface Top extends HostUse {
  server: string;
  memory: { totalBytes: number; usedPercent: number; swapPercent?: number | undefined };
  disks: { mount: string; usedPercent: number; freeBytes: number }[];
}

const TIGHT = 90;

export function topView(top: Top, view: View): string[] {
  const { server, containers } = top;
  const rows = containers.map((each) => row(each, view));
  return [
    `${paint(view, 'bold', server)}  up ${duration(top.upSeconds * 1000)}  load ${top.load.map((n) => n.toFixed(2)).join(' ')} on ${count(top.processors, 'processor')}`,
    `memory ${percent(top.memory.usedPercent, view)} of ${bytes(top.memory.totalBytes)}${swap(top.memory, view)}`,
    ...top.disks.map(
      ({ mount, usedPercent, freeBytes }) =>
        `disk ${safe(mount)} ${percent(usedPercent, view)}, ${bytes(freeBytes)} free`,
    ),
    '',
    ...(rows.length === 0 ? ['no containers'] : table([HEADS, ...rows], view)),
  ];
}

const HEADS = ['CONTAINER', 'CPU', 'MEMORY', 'LIMIT', 'PROCESSES', 'STATUS'];

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

const percent = (value: number, view: View): string =>
  paint(view, value >= TIGHT ? 'red' : 'reset', `${value.toFixed(0)}%`);

const swap = ({ swapPercent }: Top['memory'], view: View): string =>
  swapPercent === undefined ? ', no swap' : `, swap ${percent(swapPercent, view)}`;

const row = (each: Top['containers'][number], view: View): string[] => {
  const { name, cpuPercent, memoryBytes, limitBytes, processes, status } = each;
  const isUp = status.startsWith('Up');
  return [
    safe(name),
    isUp ? `${cpuPercent.toFixed(1)}%` : '',
    isUp ? bytes(memoryBytes) : '',
    limitBytes === 0 ? '' : `${percent((100 * memoryBytes) / limitBytes, view)} of ${bytes(limitBytes)}`,
    isUp ? String(processes) : '',
    paint(view, isUp && !status.includes('unhealthy') ? 'reset' : 'red', cut(safe(status), 40, view)),
  ];
};
