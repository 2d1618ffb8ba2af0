// Network interfaces as the kernel has them: which lead outside, which are bridges of containers, and their networks.
import type { Fact } from '../model.js';
import { sh } from './shell.js';

/** An IPv4 network that the host has an address in. */
export interface Subnet {
  link: string;
  address: string;
  prefix: number;
}

/** `2: eth0    inet 10.0.0.5/24 brd …`: bridges of containers are among them. */
export const subnets: Fact<Subnet[]> = {
  read: ['ip', '-o', '-4', 'address', 'show'],
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr.trim() || `ip ended with ${exitCode}`);
    return [...stdout.matchAll(/^\d+: +(\S+) +inet (\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?/gm)].map(
      ([, link = '', address = '', prefix = '32']) => ({ link, address, prefix: Number(prefix) }),
    );
  },
};

export interface Links {
  /** Those that a default route uses, IPv4 or IPv6. */
  outside: string[];
  /** Bridges with names of their own, beside Docker's `docker0` and `br-…`, that lead nowhere outside. */
  bridges: string[];
}

/** From /proc and /sys: interface names with a default route, then names of bridges. */
export const links: Fact<Links> = {
  read: sh(
    `while read -r name to _ _ _ _ _ mask _; do [ "$to$mask" = 0000000000000000 ] && echo "outside $name"; done </proc/net/route
[ -r /proc/net/ipv6_route ] && while read -r to len _ _ _ _ _ _ _ name; do [ "$to$len" = 0000000000000000000000000000000000 ] && echo "outside $name"; done </proc/net/ipv6_route
for b in /sys/class/net/*/bridge; do [ -d "$b" ] && b=\${b%/bridge} && echo "bridge \${b##*/}"; done; true`,
  ),
  parse({ stdout }) {
    const lines = stdout.split('\n').filter(Boolean);
    const named = (kind: string): string[] => [
      ...new Set(
        lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1)),
      ),
    ];
    const outside = named('outside').filter((name) => name !== 'lo');
    const bridges = named('bridge').filter(
      (name) => !outside.includes(name) && name !== 'docker0' && !name.startsWith('br-'),
    );
    return { outside: outside.sort(), bridges: bridges.sort() };
  },
};
