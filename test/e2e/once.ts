// What must run once: read from what the host itself wrote down, never from what we believe we sent.
import type { LabHost } from '../lab/lab.js';

export interface Written {
  /** `run who step what`, as the jobs wrote when they began. */
  audit: string[];
  /** `install package`, `configure package`, as dpkg wrote. */
  dpkg: string[];
  /** Lines of either that are there more than once. */
  twice: string[];
}

export async function writtenBy(host: LabHost): Promise<Written> {
  const audit = await lines(host, 'cut -d" " -f2- /var/log/clincher/audit.log');
  const dpkg = await lines(host, 'grep -hE " (install|configure) " /var/log/dpkg.log | cut -d" " -f3,4');
  return { audit, dpkg, twice: [...twice(audit), ...twice(dpkg)] };
}

async function lines(host: LabHost, line: string): Promise<string[]> {
  return (await host.exec(line)).stdout.split('\n').filter((text) => text !== '');
}

const twice = (all: readonly string[]): string[] => [
  ...new Set(all.filter((line, i) => all.indexOf(line) !== i)),
];
