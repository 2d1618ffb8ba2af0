// What ufw's chains in the kernel really let in, in ufw's own words, to be compared with what its files promise.
import type { Tables } from '../commands/iptables.js';
import { canonical, type Rule, words } from '../commands/ufw.js';

type Family = 'ufw' | 'ufw6';

/** Rules of the kernel that end in an accept, as `limit from 10.0.0.1 to any port 9922 proto tcp`. */
export function admitted(tables: Tables, family: Family): string[] {
  const rules = tables.chains.get(`${family}-user-input`) ?? [];
  return rules.flatMap((rule) => {
    const target = /-j (\S+)/.exec(rule)?.[1] ?? '';
    const action = target === 'ACCEPT' ? 'allow' : target === `${family}-user-limit-accept` ? 'limit' : '';
    return action === '' ? [] : [inWords(action, rule)];
  });
}

function inWords(action: string, rule: string): string {
  const from = /-s (\S+)/.exec(rule)?.[1];
  const ports = /--dports? (\S+)/.exec(rule)?.[1] ?? 'any';
  const protocol = /-p (\S+)/.exec(rule)?.[1] ?? 'any';
  return words({ action, ports, protocol, from: from ? canonical(from) : 'any', direction: 'in', rest: '' });
}

/** The same of rules that files have; one without a family is in both. */
export const promised = (rules: readonly Rule[], family: Family): string[] =>
  rules
    .filter(({ from }) => from === 'any' || from.includes(':') === (family === 'ufw6'))
    .map((rule) => words(rule));

/** What is amiss in the frame that the rules hang in: policies, and the way from INPUT to them. */
export function frame({ policies, chains }: Tables, family: Family): string[] {
  const leads = (from: string, to: string): boolean => chains.get(from)?.includes(`-j ${to}`) ?? false;
  return [
    ...(policies.get('INPUT') === 'DROP' ? [] : ['INPUT lets in what no rule speaks of']),
    ...(policies.get('FORWARD') === 'DROP' ? [] : ['FORWARD lets through what no rule speaks of']),
    ...(leads('INPUT', `${family}-before-input`) && leads(`${family}-before-input`, `${family}-user-input`)
      ? []
      : ['INPUT does not lead to the rules']),
  ];
}

/** Rules of INPUT that let somebody in before ufw is asked; fail2ban's and Tailscale's own are not meant. */
export const bypasses = ({ chains }: Tables): string[] =>
  (chains.get('INPUT') ?? []).filter((rule) => /-j ACCEPT$/.test(rule) && rule !== '-i lo -j ACCEPT');
