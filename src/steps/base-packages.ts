// base.packages: what the steps below need from APT, in one transaction.
import * as apt from '../commands/apt.js';
import { debianArchive } from '../commands/apt-sources.js';
import { type FileNow, file, fileChange, fileChangeBy } from '../commands/files.js';
import type { Change, HostContext, Server } from '../model.js';
import { change, defineStep } from './define.js';
import {
  COMPOSE_PIN,
  COMPOSE_SOURCE,
  composeSource,
  distributionPackages,
  EVERY_DOCKER,
} from './docker-packages.js';

const ALWAYS = ['ca-certificates', 'curl', 'gnupg', 'iproute2', 'iptables', 'logrotate', 'procps', 'rsync'];

/** Each conflicts with the others: whoever has one keeps it. */
const TIME_DAEMONS = ['systemd-timesyncd', 'chrony', 'ntpsec', 'ntp', 'openntpd'];

/** Asked for in the same words by every step, so that dpkg is asked once. */
export const dpkg = apt.installed([
  ...ALWAYS,
  ...['sudo', 'ufw', 'fail2ban', 'python3-systemd', 'unattended-upgrades', 'tailscale'],
  ...TIME_DAEMONS,
  ...EVERY_DOCKER,
]);

export function packagesFor(want: Server, os: HostContext['os']): string[] {
  const { firewall, system, docker } = want;
  return [
    ...ALWAYS,
    ...(firewall.enabled ? ['ufw'] : []),
    // Reads the journal, where sshd's failures are; without it fail2ban looks for log files that do not exist.
    ...(firewall.fail2ban.enabled ? ['fail2ban', 'python3-systemd'] : []),
    ...(system.unattended_upgrades.enabled ? ['unattended-upgrades'] : []),
    ...(docker.source === 'distribution' ? distributionPackages(os) : []),
  ];
}

export const basePackages = defineStep({
  id: 'base.packages',
  title: 'Packages are installed',
  why: 'A tool that is missing is found out in the middle of the work that needs it.',
  source: 'guide Steps 1, 2 and 13.3; apt-get(8)',
  // dpkg has one user at a time, and base.sudo may install sudo.
  after: ['base.sudo'],
  timeoutMs: 20 * 60_000,
  facts: () => ({
    installed: dpkg,
    interrupted: apt.interrupted,
    archive: debianArchive(COMPOSE_SOURCE),
    composeSource: file(COMPOSE_SOURCE),
    composePin: file(COMPOSE_PIN.path),
  }),
  plan({ installed, interrupted, archive, composeSource: source, composePin: pin }, want, { os }) {
    const hasTime = TIME_DAEMONS.some((name) => installed.has(name));
    const time = want.system.time_sync && !hasTime ? ['systemd-timesyncd'] : [];
    // `docker-compose` of Debian 12 is v1, which nothing of ours can use.
    const isThere = (name: string) =>
      installed.has(name) && !(name === 'docker-compose' && /^1\./.test(installed.get(name) ?? ''));
    const missing = [...packagesFor(want, os), ...time].filter((name) => !isThere(name));
    const needsTrixie = want.docker.source === 'distribution' && os.id === 'debian' && os.version === '12';
    return [
      ...(needsTrixie ? composeOf(archive, source, pin) : []),
      ...(interrupted ? [change('finish an interrupted installation', apt.configureAll())] : []),
      ...(missing.length > 0 ? [change(`install ${missing.join(', ')}`, apt.install(...missing))] : []),
    ];
  },
});

function composeOf(archive: string | null, source: FileNow | null, pin: FileNow | null): Change[] {
  if (archive === null)
    throw new Error(
      'none of its APT sources is Debian’s own, so there is no Compose v2 for Debian 12: add one, or set docker.source',
    );
  const wanted = composeSource(archive);
  return [...fileChange(pin, COMPOSE_PIN), ...fileChangeBy(source, wanted, apt.addSource(wanted))];
}
