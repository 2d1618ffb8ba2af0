// harden.docker-user: ports that Docker publishes obey the firewall too, over IPv4 and IPv6.
import { type FileNow, file, fileChangeBy, writeChecked } from '../commands/files.js';
import * as iptables from '../commands/iptables.js';
import * as network from '../commands/network.js';
import { action } from '../commands/shell.js';
import { isUp, units } from '../commands/systemd.js';
import * as ufw from '../commands/ufw.js';
import type { Change, Server } from '../model.js';
import { change, defineStep } from './define.js';
import { block, type Chains, chains, withBlock } from './docker-user-rules.js';

const FILES = { 4: '/etc/ufw/after.rules', 6: '/etc/ufw/after6.rules' } as const;
const TESTS = {
  4: 'iptables-restore --test --noflush "$1"',
  6: 'ip6tables-restore --test --noflush "$1"',
} as const;

/** Loaded at boot with ufw, before Docker starts, which finds the chain and leaves it alone. */
function fileOf(family: 4 | 6, now: FileNow | null, rules: Chains): Change[] {
  const content = withBlock(now?.content ?? '', block(rules));
  const want = { path: FILES[family], content, mode: now?.mode ?? '0640' };
  return fileChangeBy(now, want, ufw.mustBeThere, writeChecked(want, TESTS[family]));
}

/** Differences between the chains in the kernel and ours; Docker may add a last `-j RETURN` of its own. */
function wrong({ chains: live }: iptables.Tables, rules: Chains): string[] {
  return (Object.keys(rules) as (keyof Chains)[]).filter((name) => {
    const now = live.get(name) ?? [];
    const ours = rules[name] ?? [];
    const rest = now.slice(ours.length);
    return !ours.every((rule, i) => now[i] === rule) || rest.some((rule) => rule !== '-j RETURN');
  });
}

const isAsked = ({ chains: live }: iptables.Tables): boolean => {
  const forward = live.get('FORWARD') ?? [];
  const at = forward.indexOf('-j DOCKER-USER');
  return at >= 0 && !forward.slice(0, at).some((rule) => /-j (ACCEPT|DOCKER|DOCKER-FORWARD)$/.test(rule));
};

/** Docker filters IPv6 only where it was told to, or by default since version 27. */
const hasChain = ({ chains: live }: iptables.Tables): boolean =>
  live.has('DOCKER-FORWARD') || live.has('DOCKER');

const ASK = {
  4: action('iptables', '-I', 'FORWARD', '1', '-j', 'DOCKER-USER'),
  6: action('ip6tables', '-I', 'FORWARD', '1', '-j', 'DOCKER-USER'),
} as const;

export const hardenDockerUser = defineStep({
  id: 'harden.docker-user',
  title: 'Ports that containers publish obey the firewall',
  why: 'Docker forwards published ports before ufw sees them: without this, the whole internet reaches every container that publishes one.',
  source: 'https://docs.docker.com/engine/network/packet-filtering-firewalls/; moby#22054',
  guard: { restore: () => ['/etc/ufw'], reload: [ufw.takeUp] },
  wanted: (want) => want.firewall.enabled,
  facts: () => ({
    v4: iptables.v4,
    v6: iptables.v6,
    after: file(FILES[4]),
    after6: file(FILES[6]),
    links: network.links,
    units,
  }),
  plan(now, want) {
    const sides = sidesOf(now, want);
    const files = sides.flatMap(({ family, conf, rules }) => fileOf(family, conf, rules));
    if (files.length > 0) return [...files, change('load the chains of DOCKER-USER', ufw.test, ufw.reload)];
    const drifted = sides.flatMap(({ family, tables, rules }) =>
      wrong(tables, rules).map((chain) => `${chain} of IPv${family}`),
    );
    const unasked = isUp(now.units['docker.service'])
      ? sides.filter(({ tables }) => hasChain(tables) && !isAsked(tables))
      : [];
    return [
      ...(drifted.length > 0 ? [change(`load again: ${drifted.join(', ')}`, ufw.test, ufw.reload)] : []),
      ...unasked.map(({ family }) => change(`IPv${family}: DOCKER-USER is asked first`, ASK[family])),
    ];
  },
});

interface Now {
  v4: iptables.Tables;
  v6: iptables.Tables;
  after: FileNow | null;
  after6: FileNow | null;
  links: network.Links;
}

interface Side {
  family: 4 | 6;
  tables: iptables.Tables;
  conf: FileNow | null;
  rules: Chains;
}

function sidesOf({ v4, v6, after, after6, links }: Now, want: Server): Side[] {
  const rules = (family: 4 | 6): Chains => chains(want, family, links.outside, links.bridges);
  const first: Side = { family: 4, tables: v4, conf: after, rules: rules(4) };
  return want.system.ipv6 ? [first, { family: 6, tables: v6, conf: after6, rules: rules(6) }] : [first];
}
