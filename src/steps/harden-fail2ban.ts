// harden.fail2ban: whoever fails to log in again and again is kept out for a while, the admin excepted.
import * as fail2ban from '../commands/fail2ban.js';
import { file, fileChange } from '../commands/files.js';
import { isUpAndStays, units } from '../commands/systemd.js';
import type { Server } from '../model.js';
import { change, defineStep } from './define.js';

const PATH = '/etc/fail2ban/jail.d/clincher.local';
/** Under ssh.socket the unit has another name and since OpenSSH 9.8 the process too: the process is what tells. */
const MATCH = '_COMM=sshd + _COMM=sshd-session';

/** fail2ban 1.1 shows a network of one address without its mask. */
const plain = (address: string): string => address.replace(/\/(?:32|128)$/, '');
const ignored = ({ ssh }: Server): string[] => ['127.0.0.0/8', '::1', ...ssh.admin_addresses.map(plain)];

function render(want: Server): string {
  const { max_retry, ban_seconds, find_seconds } = want.firewall.fail2ban;
  return `# Written by clincher (harden.fail2ban).
[DEFAULT]
ignoreip = ${ignored(want).join(' ')}

[sshd]
enabled = true
backend = systemd
journalmatch = ${MATCH}
port = ${want.ssh.port}
banaction = iptables-multiport
maxretry = ${max_retry}
bantime = ${ban_seconds}
findtime = ${find_seconds}
`;
}

function drifted(jail: fail2ban.Jail | null, want: Server): string[] {
  if (jail === null) return ['the jail on SSH runs'];
  const { max_retry, ban_seconds, find_seconds } = want.firewall.fail2ban;
  const now = jail.ignored.map(plain);
  const missing = ignored(want).filter((address) => !now.includes(address));
  return [
    ...(jail.maxRetry === max_retry ? [] : [`${max_retry} failures (is ${jail.maxRetry})`]),
    ...(jail.banSeconds === ban_seconds ? [] : [`banned for ${ban_seconds} s (is ${jail.banSeconds})`]),
    ...(jail.findSeconds === find_seconds ? [] : [`within ${find_seconds} s (is ${jail.findSeconds})`]),
    ...(missing.length > 0 ? [`never banned: ${missing.join(', ')}`] : []),
  ];
}

export const hardenFail2ban = defineStep({
  id: 'harden.fail2ban',
  title: 'Addresses that fail to log in are banned',
  why: 'The firewall counts connections, not failures; and a stolen admin address is watched by nobody else.',
  source: 'guide Step 2; jail.conf(5)',
  after: [],
  wanted: (want) => want.firewall.fail2ban.enabled,
  facts: () => ({ conf: file(PATH), jail: fail2ban.sshd, units }),
  plan({ conf, jail, units: now }, want) {
    const changes = fileChange(conf, { path: PATH, content: render(want), mode: '0644' }, fail2ban.takeUp);
    if (changes.length > 0) return changes;
    const wrong = [
      ...(isUpAndStays(now['fail2ban.service']) ? [] : ['fail2ban runs, now and after a boot']),
      ...drifted(jail, want),
    ];
    return wrong.length > 0 ? [change(`in effect: ${wrong.join('; ')}`, fail2ban.takeUp)] : [];
  },
});
