// Decides about one destination: first by its name, as the ACL says, then by the address that the name leads to.
import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';
import { type Acl, matches, type Policy, type Rule } from './acl.js';

export interface Decision {
  allow: boolean;
  reason: string;
  enforceWouldDeny: boolean;
  project: string;
  role: string;
}

export interface Ranges {
  allow: BlockList;
  deny: BlockList;
}

/** Every client is the same here: the real one is built with a role of this name too. */
const role = 'default';

export function decideByName(acl: Acl | undefined, host: string): Decision {
  const none = { project: '', role: '', enforceWouldDeny: false };
  if (!acl) return { ...none, allow: true, reason: 'Egress ACL is not configured' };
  if (host.includes(':'))
    return { ...none, role, allow: false, reason: 'Destination host cannot be determined' };
  const own = acl.rules.get(role);
  const rule = own ?? acl.default;
  if (!rule) return { ...none, role, allow: false, enforceWouldDeny: true, reason: 'no rule matched' };
  const [verdict, reason] = verdictOf(acl, rule, host, own === undefined);
  const allow = verdict !== 'deny';
  return { allow, reason, enforceWouldDeny: verdict !== 'allow', project: rule.project, role };
}

type Verdict = 'allow' | 'report' | 'deny';

const byPolicy: Record<Policy, [Verdict, string]> = {
  report: ['report', 'rule has allow and report policy'],
  enforce: ['deny', 'rule has enforce policy'],
  open: ['allow', 'rule has open enforcement policy'],
};

function verdictOf(acl: Acl, rule: Rule, host: string, isDefault: boolean): [Verdict, string] {
  const isIn = (globs: readonly string[]): boolean => globs.some((glob) => matches(host, glob));
  if (isIn(rule.domains)) return ['allow', 'host matched allowed domain in rule'];
  if (isIn(acl.globalDeny)) return ['deny', 'host matched rule in global deny list'];
  if (isIn(acl.globalAllow)) return ['allow', 'host matched rule in global allow list'];
  const [verdict, reason] = byPolicy[rule.policy];
  return [verdict, isDefault ? 'default rule policy used' : reason];
}

/** Rejects when the name leads nowhere. */
export async function resolve(host: string): Promise<string> {
  const found = await lookup(host, { all: true });
  return (found.find(({ family }) => family === 4) ?? found[0]!).address;
}

/** Why an address is refused, or nothing. */
export function refusal(address: string, ranges: Ranges): string | undefined {
  if (isIn(ranges.allow, address)) return undefined;
  if (isIn(notGlobalUnicast, address)) return 'Deny: Not Global Unicast';
  if (isIn(ranges.deny, address)) return 'Deny: User Configured';
  if (isIn(privateRanges, address)) return 'Deny: Private Range';
  return isIn(carrierGrade, address) ? 'Deny: CGNAT Range' : undefined;
}

function isIn(ranges: BlockList, address: string): boolean {
  return ranges.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

export function rangesOf(all: readonly string[]): BlockList {
  const found = new BlockList();
  for (const range of all) {
    const [, net, length] = /^([0-9a-f:.]+)\/(\d+)$/i.exec(range) ?? [];
    if (!net) throw new Error(`invalid CIDR address: ${range}`);
    found.addSubnet(net, Number(length), isIPv6(net) ? 'ipv6' : 'ipv4');
  }
  return found;
}

const linkLocal = ['169.254.0.0/16', 'fe80::/10'];
const everybody = ['0.0.0.0/32', '255.255.255.255/32', '224.0.0.0/4', '::/128', 'ff00::/8'];
const notGlobalUnicast = rangesOf(['127.0.0.0/8', '::1/128', ...linkLocal, ...everybody]);
const privateRanges = rangesOf(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']);
const carrierGrade = rangesOf(['100.64.0.0/10']);
