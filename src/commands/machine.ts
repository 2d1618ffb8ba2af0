// The host as a machine: system, resources, clock, names, and who else thinks it is in charge.
import type { Fact, HostContext } from '../model.js';
import { sh } from './shell.js';

export const clock: Fact<number> = {
  read: ['date', '+%s'],
  parse: ({ stdout }) => number(stdout) * 1000,
};

function number(text: string): number {
  const value = Number(text.trim());
  if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`not a number: ${text.slice(0, 40)}`);
  return value;
}

export const os: Fact<HostContext['os']> = {
  read: ['cat', '/etc/os-release'],
  parse({ stdout }) {
    const value = (key: string): string => new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(stdout)?.[1] ?? '';
    return { id: value('ID'), version: value('VERSION_ID'), codename: value('VERSION_CODENAME') };
  },
};

export const init: Fact<string> = {
  read: ['cat', '/proc/1/comm'],
  parse: ({ stdout }) => stdout.trim(),
};

/** Free space where packages and containers go; one entry a file system. */
export const free: Fact<{ path: string; bytes: number }[]> = {
  read: sh('for p in / /var /var/lib/docker; do [ -d "$p" ] && df -Pk -- "$p" | tail -n 1; done | sort -u'),
  parse: ({ stdout }) =>
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.trim().split(/\s+/))
      .map((fields) => ({ path: fields.slice(5).join(' '), bytes: number(fields[3] ?? '') * 1024 })),
};

export const memory: Fact<number> = {
  read: sh('grep "^MemTotal:" /proc/meminfo'),
  parse: ({ stdout }) => number(/(\d+) kB/.exec(stdout)?.[1] ?? '') * 1024,
};

/** Those that programs may run on here, which is what Docker counts too. */
export const cpus: Fact<number> = {
  read: ['nproc'],
  parse: ({ stdout }) => number(stdout),
};

/** Other configuration management that would undo our work at its next turn. */
export const managers: Fact<string[]> = {
  read: sh(
    'systemctl is-enabled puppet.service chef-client.service chef-client.timer salt-minion.service cfengine3.service 2>/dev/null | paste -d" " - - - - -',
  ),
  parse({ stdout }) {
    const names = ['puppet', 'chef-client', 'chef-client.timer', 'salt-minion', 'cfengine3'];
    const words = stdout.trim().split(' ');
    return names.filter((_, i) => words[i] === 'enabled');
  },
};

/** Hosts that APT's sources name, and whether they resolve; behind a proxy it is the proxy who resolves. */
export const aptSites: Fact<{ host: string; resolves: boolean }[]> = {
  read: sh(
    `apt-config dump | grep -qiE '^Acquire::https?::Proxy "[^"]' && exit
for h in $(apt-get indextargets --format '$(SITE)' 2>/dev/null | sed -E 's|^[a-z+]+://([^@/]*@)?([^/:]+).*|\\2|' | sort -u); do
  if timeout 10 getent ahosts "$h" >/dev/null; then echo "yes $h"; else echo "no $h"; fi
done; true`,
  ),
  parse: ({ stdout }) =>
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => ({ host: line.slice(line.indexOf(' ') + 1), resolves: line.startsWith('yes ') })),
};
