// base.sysctl: kernel parameters, in a file for the next boot and live now, each read back.
import { file, fileChange } from '../commands/files.js';
import { action } from '../commands/shell.js';
import * as sysctl from '../commands/sysctl.js';
import type { Server } from '../model.js';
import { change, defineStep } from './define.js';

export const SYSCTL_FILE = '/etc/sysctl.d/99-openclaw.conf';

/** Limits that the guide means to raise: newer kernels start higher, and nothing is gained by lowering them. */
const AT_LEAST = ['fs.inotify.max_user_watches', 'fs.inotify.max_user_instances', 'net.core.somaxconn'];

const isHigher = (key: string, now: string | undefined, value: string): boolean =>
  AT_LEAST.includes(key) && Number(now) > Number(value);

/** `all` is not the last word: an interface that allows it itself still does it (Documentation/networking/ip-sysctl). */
const OF_EACH_INTERFACE =
  /^(net\.ipv[46]\.conf\.)all(\.(?:accept_redirects|send_redirects|secure_redirects|accept_source_route|log_martians))$/;

const everyInterface = (key: string): string[] =>
  OF_EACH_INTERFACE.test(key) ? [key.replace(OF_EACH_INTERFACE, '$1*$2')] : [];

const wanted = (want: Server, live: Map<string, string>): [string, string][] =>
  Object.entries(want.system.sysctl).filter(([key, value]) => !isHigher(key, live.get(key), value));

const render = (settings: readonly [string, string][]): string =>
  `# Written by clincher (base.sysctl).\n${settings
    .flatMap(([key, value]) => [key, ...everyInterface(key)].map((each) => `${each} = ${value}\n`))
    .join('')}`;

/** What the kernel has otherwise, the interfaces that exist now included. */
const drifted = (settings: readonly [string, string][], live: Map<string, string>) =>
  settings.flatMap(([key, value]) =>
    [...live]
      .filter(([name, now]) => now !== value && (name === key || matches(name, everyInterface(key)[0])))
      .filter(([name]) => name === key || !settings.some(([other]) => other === name))
      .map(([name, now]) => ({ name, now, value })),
  );

const matches = (name: string, pattern: string | undefined): boolean => {
  const [before = '', after = ''] = pattern?.split('*') ?? [];
  const slashed = [before, after].map((part) => part.replaceAll('.', '/'));
  return [[before, after], slashed].some(
    ([head = '', tail = '']) => head !== '' && name.startsWith(head) && name.endsWith(tail),
  );
};

export const baseSysctl = defineStep({
  id: 'base.sysctl',
  title: 'Kernel parameters are set and live',
  why: 'Defaults leak kernel addresses, accept redirects and run out of inotify watches under Docker.',
  source: 'guide Step 1; CIS Debian Linux Benchmark 3.3; sysctl(8)',
  after: [],
  facts: ({ system }) => {
    const keys = Object.keys(system.sysctl);
    return { conf: file(SYSCTL_FILE), live: sysctl.values([...keys, ...keys.flatMap(everyInterface)]) };
  },
  plan({ conf, live }, want) {
    const settings = wanted(want, live);
    const wrong = drifted(settings, live);
    return [
      ...fileChange(conf, { path: SYSCTL_FILE, content: render(settings), mode: '0644' }),
      ...wrong.map(({ name, now, value }) =>
        change(`set ${name} to ${value} (is ${now})`, action(...sysctl.set(name, value))),
      ),
    ];
  },
  notes: ({ live }, want) => [
    ...Object.keys(want.system.sysctl)
      .filter((key) => !live.has(key))
      .map((key) => `this kernel has no ${key}`),
    ...Object.entries(want.system.sysctl)
      .filter(([key, value]) => isHigher(key, live.get(key), value))
      .map(([key, value]) => `${key} stays at ${live.get(key)}, above the ${value} that are asked for`),
  ],
});
