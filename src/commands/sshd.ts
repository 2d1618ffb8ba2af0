// OpenSSH's server: what it would do (`sshd -T`), what listens, and making it listen elsewhere (sshd_config(5)).
import type { Command, Fact, HostContext } from '../model.js';
import { sh } from './shell.js';

/** Read first, so that our values win: for most keywords sshd keeps the first value that it meets. */
export const DROP_IN = '/etc/ssh/sshd_config.d/00-clincher.conf';
export const MAIN = '/etc/ssh/sshd_config';
export const SOCKET_DROP_IN = '/etc/systemd/system/ssh.socket.d/clincher.conf';

/** Keyword in lower case to its values. */
export type Effective = ReadonlyMap<string, string[]>;

/**
 * The whole configuration as sshd understands it, Match blocks applied for `user` coming from a stranger's address.
 * The folder is sshd's own; under ssh.socket it may not be there yet, and without it sshd refuses to answer.
 */
export function effective(user: string): Fact<Effective> {
  return {
    read: sh(
      '[ -d /run/sshd ] || mkdir -m 755 /run/sshd; exec sshd -T -C "user=$1,host=stranger.invalid,addr=203.0.113.1,laddr=203.0.113.2,lport=22"',
      user,
    ),
    bare: (os) =>
      `port 22\nlistenaddress 0.0.0.0:22\n${hasPenalties(os) ? 'persourcepenaltyexemptlist none\n' : ''}`,
    parse({ stdout, stderr, exitCode }) {
      if (exitCode !== 0) throw new Error(stderr || 'sshd -T does not answer');
      const map = new Map<string, string[]>();
      for (const line of stdout.split('\n').filter(Boolean)) {
        const [key = '', ...rest] = line.split(' ');
        map.set(key, [...(map.get(key) ?? []), rest.join(' ')]);
      }
      return map;
    },
  };
}

/** Since OpenSSH 9.8, which of the supported systems Debian 13 alone has. */
const hasPenalties = ({ id, version }: HostContext['os']): boolean => id === 'debian' && version === '13';

/** Ports of the addresses that sshd would bind by itself. */
export function portsOf(config: Effective): number[] {
  const addresses = config.get('listenaddress') ?? [];
  const ports = addresses.map((address) => Number(/:(\d+)$/.exec(address)?.[1]));
  return [...new Set(ports.filter(Number.isInteger))];
}

export interface Listener {
  port: number;
  /** Names of the processes that hold the socket. */
  by: string[];
}

/** TCP ports that somebody listens on, and who: the kernel's answer, which no configuration file can embellish. */
export const listeners: Fact<Listener[]> = {
  read: ['ss', '-Hltnp'],
  bare: () => '',
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr || 'ss does not answer');
    return stdout.split('\n').filter(Boolean).map(parseListener);
  },
};

function parseListener(line: string): Listener {
  const local = line.trim().split(/\s+/)[3] ?? '';
  const by = [...line.matchAll(/\("([^"]+)",pid=/g)].map(([, name = '']) => name);
  return { port: Number(local.slice(local.lastIndexOf(':') + 1)), by: [...new Set(by)] };
}

/** Files whose settings sshd reads, as `path:line`, for the keywords that add up instead of giving way. */
export const listenLines: Fact<string[]> = {
  read: sh(
    'grep -HiE "^[[:space:]]*(Port|ListenAddress)[[:space:]=]" /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null; true',
  ),
  parse: ({ stdout }) => stdout.split('\n').filter((line) => line !== '' && !line.startsWith(`${DROP_IN}:`)),
};

/** Lines of others that decide ports: `Port`, and `ListenAddress` where it names one. */
export const decidesPorts = (line: string): boolean =>
  /:\s*port[\s=]/i.test(line) || /:\s*listenaddress[\s=]+(\S+\.\S+:\d+|\[\S+\]:\d+)\s*$/i.test(line);

/** Turns those lines into comments, where they stand. */
export const silenceListenLines: Command = sh(
  `for f in /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf; do [ -f "$f" ] && [ "$f" != ${DROP_IN} ] || continue
sed -i -E 's/^([[:space:]]*(Port[[:space:]=]|ListenAddress[[:space:]=]+([^[:space:]]+\\.[^[:space:]]+:|\\[[^[:space:]]+\\]:)[0-9]+[[:space:]]*$))/# clincher: \\1/I' "$f" || exit; done`,
);

/** Whether the main file reads the folder of drop-ins, and does so before it says anything itself. */
export const includesFirst: Fact<boolean> = {
  read: ['grep', '-m', '1', '-vE', '^[[:space:]]*(#|$)', MAIN],
  parse: ({ stdout }) =>
    /^\s*Include[\s=]+"?\/etc\/ssh\/sshd_config\.d\/\*\.conf"?\s*$/i.test(stdout.trimEnd()),
};

/** At the top, and there alone: read twice, ports would count twice. */
export const includeFirst: Command = sh(
  `set -e; mkdir -p /etc/ssh/sshd_config.d; t=$(mktemp /etc/ssh/.clincher.XXXXXX); trap 'rm -f "$t"' EXIT
echo 'Include /etc/ssh/sshd_config.d/*.conf' >"$t"
sed -E 's|^([[:space:]]*Include[[:space:]=]+"?/etc/ssh/sshd_config\\.d/\\*\\.conf"?[[:space:]]*)$|# clincher: \\1|I' /etc/ssh/sshd_config >>"$t"
chmod 644 "$t"; mv -f "$t" /etc/ssh/sshd_config`,
);

/**
 * A new configuration is taken up: under ssh.service by a reload, under ssh.socket by opening the socket anew, since it
 * is the socket that knows the ports. A socket is refused to start while its service runs; sessions survive both.
 */
export const takeUp: Command = sh(`[ -d /run/sshd ] || mkdir -m 755 /run/sshd
sshd -t || exit
systemctl daemon-reload
if systemctl -q is-active ssh.socket || { systemctl -q is-enabled ssh.socket && ! systemctl -q is-active ssh.service; }; then
  systemctl -q is-active ssh.service && systemctl stop ssh.service
  systemctl restart ssh.socket
else systemctl reload-or-restart ssh.service; fi`);
