// base.unattended-upgrades: security updates by themselves, and the reboot that they need in its window.
import * as apt from '../commands/apt.js';
import { file, fileChange } from '../commands/files.js';
import { action } from '../commands/shell.js';
import { bringUp, enable, isUpAndStays, units } from '../commands/systemd.js';
import type { HostContext, Server } from '../model.js';
import { change, defineStep } from './define.js';

/** Sorts after the package's own 20auto-upgrades and 50unattended-upgrades, which stay as they are. */
const PATH = '/etc/apt/apt.conf.d/90clincher-unattended-upgrades';
const LISTS = ['Unattended-Upgrade::Allowed-Origins', 'Unattended-Upgrade::Origins-Pattern'];

/** Security only. Debian's updates are found by pattern: its origin says neither `bookworm` nor `-security`. */
function origins(id: string): [string, string[]] {
  if (id !== 'ubuntu')
    return [
      'Unattended-Upgrade::Origins-Pattern',
      ['origin=Debian,codename=${distro_codename}-security,label=Debian-Security'],
    ];
  return [
    'Unattended-Upgrade::Allowed-Origins',
    [
      '${distro_id}:${distro_codename}-security',
      '${distro_id}ESMApps:${distro_codename}-apps-security',
      '${distro_id}ESM:${distro_codename}-infra-security',
    ],
  ];
}

const scalars = ({ system: { unattended_upgrades: upgrades } }: Server): [string, string][] => [
  ['APT::Periodic::Update-Package-Lists', '1'],
  ['APT::Periodic::Unattended-Upgrade', '1'],
  ['APT::Periodic::Download-Upgradeable-Packages', '1'],
  ['APT::Periodic::AutocleanInterval', '7'],
  ['Unattended-Upgrade::AutoFixInterruptedDpkg', 'true'],
  ['Unattended-Upgrade::Remove-Unused-Kernel-Packages', 'true'],
  ['Unattended-Upgrade::Remove-Unused-Dependencies', 'true'],
  ['Unattended-Upgrade::Automatic-Reboot', String(upgrades.reboot)],
  ['Unattended-Upgrade::Automatic-Reboot-Time', upgrades.reboot_time],
];

function render(want: Server, { os }: HostContext): string {
  const [list, values] = origins(os.id);
  return [
    '// Written by clincher (base.unattended-upgrades).',
    // Lists of earlier files would add to ours.
    ...LISTS.map((name) => `#clear ${name};`),
    `${list} {`,
    ...values.map((value) => `  "${value}";`),
    '};',
    ...scalars(want).map(([key, value]) => `${key} "${value}";`),
    '',
  ].join('\n');
}

/** What apt, having read all its files, takes differently. */
function drifted(settings: readonly [string, string][], want: Server, { os }: HostContext): string[] {
  const [list, values] = origins(os.id);
  const last = new Map(settings);
  const live = settings
    .filter(([key]) => LISTS.some((name) => key === `${name}::`))
    .map(([key, value]) => `${key} ${value}`);
  const isListRight = live.join('\n') === values.map((value) => `${list}:: ${value}`).join('\n');
  return [
    ...scalars(want)
      .filter(([key, value]) => last.get(key) !== value)
      .map(([key, value]) => `${key} ${value} (is ${last.get(key) ?? 'not set'})`),
    ...(isListRight ? [] : [`updates from ${values.join(' and ')} alone`]),
  ];
}

export const baseUnattendedUpgrades = defineStep({
  id: 'base.unattended-upgrades',
  title: 'Security updates install themselves',
  why: 'The most common way into a single server is a hole that was mended weeks ago, somewhere else.',
  source: 'guide Step 13.3; unattended-upgrade(8); apt.conf(5)',
  after: ['base.packages'],
  wanted: (want) => want.system.unattended_upgrades.enabled,
  facts: () => ({
    conf: file(PATH),
    settings: apt.settings(['APT::Periodic::', 'Unattended-Upgrade::']),
    units,
  }),
  plan({ conf, settings, units: now }, want, host) {
    const changes = fileChange(conf, { path: PATH, content: render(want, host), mode: '0644' });
    const wrong = drifted(settings, want, host);
    if (changes.length === 0 && wrong.length > 0)
      throw new Error(`a later file than ${PATH} overrules it: ${wrong.join('; ')}`);
    return [
      ...changes,
      ...(['apt-daily.timer', 'apt-daily-upgrade.timer'] as const)
        .filter((timer) => !isUpAndStays(now[timer]))
        .map((timer) => change(`start ${timer}, now and at boot`, bringUp(timer))),
      // It only waits for a shutdown, to let an update finish.
      ...(now['unattended-upgrades.service'].atBoot === 'enabled'
        ? []
        : [change('unattended-upgrades guards shutdowns', action(...enable('unattended-upgrades.service')))]),
    ];
  },
});
