// What the kernel's packet filter really does, as iptables-save prints it (iptables-save(8)).
import type { Fact } from '../model.js';

export interface Tables {
  /** Policy by built-in chain: `INPUT` is `DROP`. */
  policies: ReadonlyMap<string, string>;
  /** Rules by chain, without `-A CHAIN `; a chain without rules has an empty list. */
  chains: ReadonlyMap<string, string[]>;
}

const EMPTY: Tables = { policies: new Map(), chains: new Map() };

function filter(tool: 'iptables-save' | 'ip6tables-save'): Fact<Tables> {
  return { read: [tool, '-t', 'filter'], parse: parseSave, absent: EMPTY };
}

export const v4 = filter('iptables-save');
export const v6 = filter('ip6tables-save');

function parseSave({
  stdout,
  stderr,
  exitCode,
}: {
  stdout: string;
  stderr: string;
  exitCode: number;
}): Tables {
  if (exitCode !== 0) throw new Error(stderr || 'iptables-save does not answer');
  const policies = new Map<string, string>();
  const chains = new Map<string, string[]>();
  for (const line of stdout.split('\n')) {
    const [, chain, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (chain && policy) chains.set(chain, []);
    if (chain && policy && policy !== '-') policies.set(chain, policy);
    const [, of, rule] = /^-A (\S+) (.*)$/.exec(line) ?? [];
    if (of && rule) chains.get(of)?.push(rule);
  }
  return { policies, chains };
}
