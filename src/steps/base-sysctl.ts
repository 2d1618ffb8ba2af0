// base.sysctl: kernel parameters, in a file for the next boot and live now, each read back.
import { file, fileChange } from '../commands/files.js';
import { action } from '../commands/shell.js';
import * as sysctl from '../commands/sysctl.js';
import type { Server } from '../model.js';
import { change, defineStep } from './define.js';

export const SYSCTL_FILE = '/etc/sysctl.d/99-openclaw.conf';

const render = (want: Server): string =>
  `# Written by clincher (base.sysctl).\n${Object.entries(want.system.sysctl)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('')}`;

export const baseSysctl = defineStep({
  id: 'base.sysctl',
  title: 'Kernel parameters are set and live',
  why: 'Defaults leak kernel addresses, accept redirects and run out of inotify watches under Docker.',
  source: 'guide Step 1; CIS Debian Linux Benchmark 3.3; sysctl(8)',
  after: [],
  facts: (want) => ({ conf: file(SYSCTL_FILE), live: sysctl.values(Object.keys(want.system.sysctl)) }),
  plan({ conf, live }, want) {
    const drifted = Object.entries(want.system.sysctl).filter(
      ([key, value]) => live.has(key) && live.get(key) !== value,
    );
    return [
      ...fileChange(conf, { path: SYSCTL_FILE, content: render(want), mode: '0644' }),
      ...drifted.map(([key, value]) =>
        change(`set ${key} to ${value} (is ${live.get(key)})`, action(...sysctl.set(key, value))),
      ),
    ];
  },
  notes: ({ live }, want) =>
    Object.keys(want.system.sysctl)
      .filter((key) => !live.has(key))
      .map((key) => `this kernel has no ${key}`),
});
