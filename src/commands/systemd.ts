// systemd: what units do now and at the next boot (systemctl(1)).
import type { Action, Command, Fact } from '../model.js';
import { action, sh } from './shell.js';

export interface Unit {
  /** `loaded`, `not-found`, `masked`. */
  load: string;
  /** `active`, `inactive`, `failed`, `activating`. */
  active: string;
  /** `enabled`, `disabled`, `static`, `masked`; empty when there is no such unit. */
  atBoot: string;
  /** Ports that a socket unit listens on. */
  ports: number[];
}

/** Everything that some step asks about, in one call: steps share the reading by asking for the same list. */
const WATCHED = [
  'ssh.service',
  'ssh.socket',
  'docker.service',
  'fail2ban.service',
  'ufw.service',
  'unattended-upgrades.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'systemd-timesyncd.service',
] as const;

export type WatchedUnit = (typeof WATCHED)[number];
export type Units = Record<WatchedUnit, Unit>;

export const units = show(...WATCHED);

export function show<Name extends string>(...names: Name[]): Fact<Record<Name, Unit>> {
  return {
    read: ['systemctl', 'show', '--property=Id,LoadState,ActiveState,UnitFileState,Listen', '--', ...names],
    // All are there and do nothing: where a configuration relies on one that is present, it is.
    bare: () =>
      names
        .map((name) => `Id=${name}\nLoadState=loaded\nActiveState=inactive\nUnitFileState=disabled\n`)
        .join('\n'),
    parse({ stdout, stderr, exitCode }) {
      if (exitCode !== 0) throw new Error(stderr || 'systemctl does not answer');
      const blocks = stdout.split(/\n\s*\n/).filter((block) => block.trim() !== '');
      if (blocks.length !== names.length) throw new Error('systemctl answered for other units');
      // An alias answers with the Id of what it stands for (`sshd.service`): the order is what tells.
      return Object.fromEntries(names.map((name, i) => [name, parseUnit(blocks[i] ?? '')])) as Record<
        Name,
        Unit
      >;
    },
  };
}

function parseUnit(block: string): Unit {
  const lines = block.split('\n').map((line) => line.trim());
  const value = (key: string): string =>
    lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
  const ports = lines.flatMap((line) => /^Listen=\S*?:?(\d+) \(Stream\)$/.exec(line)?.[1] ?? []);
  return {
    load: value('LoadState'),
    active: value('ActiveState'),
    atBoot: value('UnitFileState'),
    ports: [...new Set(ports.map(Number))],
  };
}

export const isUp = (unit: Unit): boolean => unit.active === 'active';
export const isUpAndStays = (unit: Unit): boolean => isUp(unit) && unit.atBoot === 'enabled';

export const restart = (unit: string): Command => ['systemctl', 'restart', unit];
export const enable = (unit: string): Command => ['systemctl', 'enable', unit];

/** Enabled and running, whatever kept it from that: a mask, a failure, three crashes in a minute. */
export const bringUp = (unit: string): Action =>
  action(
    ...sh(
      'systemctl unmask -q "$1"; systemctl reset-failed "$1" 2>/dev/null; systemctl enable --now "$1"',
      unit,
    ),
  );

/** `docker`, `lxc`, … or `none`. */
export const container: Fact<string> = {
  read: ['systemd-detect-virt', '--container'],
  parse: ({ stdout }) => stdout.trim() || 'none',
  absent: 'none',
};

/** Names of the services that run now, whoever they are: systemd keeps a link for each, which costs no bus call. */
export const running: Fact<string[]> = {
  read: ['ls', '/run/systemd/units'],
  parse: ({ stdout }) =>
    stdout
      .split('\n')
      .filter((line) => line.startsWith('invocation:'))
      .map((line) => line.slice('invocation:'.length)),
};
