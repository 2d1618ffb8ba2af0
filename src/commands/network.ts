// Network interfaces as the kernel has them: which lead outside, which are bridges of containers.
import type { Fact } from '../model.js';
import { sh } from './shell.js';

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
