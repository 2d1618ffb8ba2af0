// The chains that guard ports which Docker publishes: past ufw's own rules, since Docker's come before them.
import type { Server } from '../model.js';
import { isWatched } from '../stack/watched.js';
import { webSources } from './firewall-rules.js';

type Family = 4 | 6;

export const BEGIN = '# BEGIN clincher (harden.docker-user)';
export const END = '# END clincher (harden.docker-user)';

/**
 * Names of Docker's own bridges. From them containers speak, to them nobody else may; every other interface is the
 * outside, whatever it is called and even when it is renamed. `outside` are those that the default routes use, should
 * they be called like a bridge of Docker's.
 */
const BRIDGES = ['docker0', 'br-+'];

export interface Chains {
  'DOCKER-USER': string[];
  'clincher-published': string[];
  'clincher-web': string[];
  /** Where a monitor reads the server's figures. */
  'clincher-metrics'?: string[];
}

/** Rules as iptables-save prints them, so that what is live can be compared word by word. */
export function chains(
  want: Server,
  family: Family,
  outside: readonly string[],
  bridges: readonly string[] = [],
): Chains {
  const inside = [...BRIDGES, ...bridges];
  return {
    'DOCKER-USER': [
      '-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN',
      ...outside.filter(looksLikeBridge).map((name) => `-i ${name} -j clincher-published`),
      ...inside.map((name) => `-i ${name} -j RETURN`),
      '-j clincher-published',
    ],
    'clincher-published': [
      // The port that was asked for: by now it is translated into the container's.
      ...[...want.firewall.web_ports]
        .sort((a, b) => a - b)
        .map((port) => `-p tcp -m conntrack --ctorigdstport ${port} -g clincher-web`),
      ...(isWatched(want)
        ? [`-p tcp -m conntrack --ctorigdstport ${want.monitoring?.port} -g clincher-metrics`]
        : []),
      '-m conntrack --ctstate DNAT -j DROP',
      // Straight to a container's own address, by a neighbour who routes it through us.
      ...inside.map((name) => `-o ${name} -j DROP`),
    ],
    'clincher-web': [...web(want, family), '-j DROP'],
    ...(isWatched(want)
      ? { 'clincher-metrics': [...admitted(want.monitoring?.from ?? [], family), '-j DROP'] }
      : {}),
  };
}

const looksLikeBridge = (name: string): boolean => name === 'docker0' || name.startsWith('br-');

const web = (want: Server, family: Family): string[] => admitted(webSources(want), family);

function admitted(all: readonly string[], family: Family): string[] {
  const sources = all.filter((from) => from === 'any' || from.includes(':') === (family === 6));
  const whole = family === 6 ? '/128' : '/32';
  return sources.map((from) =>
    from === 'any' ? '-j RETURN' : `-s ${from.includes('/') ? from : `${from}${whole}`} -j RETURN`,
  );
}

/** Chains that are named here are emptied and filled in one stroke; all others stay as they are. */
export function block(rules: Chains): string {
  const names = Object.keys(rules) as (keyof Chains)[];
  return [
    BEGIN,
    '*filter',
    ...names.map((name) => `:${name} - [0:0]`),
    ...names.flatMap((name) => (rules[name] ?? []).map((rule) => `-A ${name} ${rule}`)),
    'COMMIT',
    END,
    '',
  ].join('\n');
}

/** The file with our block at its end, in place of an older one. */
export function withBlock(content: string, text: string): string {
  const start = content.indexOf(BEGIN);
  const end = content.indexOf(END);
  if (start < 0 || end < start) return `${content.replace(/\n*$/, '\n')}\n${text}`;
  return `${content.slice(0, start)}${text}${content.slice(end + END.length).replace(/^\n/, '')}`;
}
