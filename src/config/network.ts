// Addresses, networks and host names as text: is it one, and which network does it stand for.
import { isIP } from 'node:net';

export interface Network {
  family: 4 | 6;
  address: bigint;
  prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i;

/** An address (then the prefix is all of it) or a CIDR. IPv6 zones (`%eth0`) mean nothing on another machine. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', prefixText, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || more.length > 0) return undefined;
  const bits = BITS[family as 4 | 6];
  const prefix = prefixText === undefined ? bits : /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : -1;
  if (prefix < 0 || prefix > bits) return undefined;
  return { family: family as 4 | 6, address: toNumber(address), prefix };
}

/** The same network with its host bits cleared, as `ufw` and the kernel would write it. */
export function canonicalNetwork(network: Network): string {
  const hostBits = BigInt(BITS[network.family] - network.prefix);
  const address = fromNumber((network.address >> hostBits) << hostBits, network.family);
  return hostBits === 0n ? address : `${address}/${network.prefix}`;
}

export function contains(outer: Network, inner: Network): boolean {
  const hostBits = BigInt(BITS[outer.family] - outer.prefix);
  const isInside = outer.address >> hostBits === inner.address >> hostBits;
  return outer.family === inner.family && outer.prefix <= inner.prefix && isInside;
}

export const overlap = (one: Network, other: Network): boolean =>
  contains(one, other) || contains(other, one);

const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
];

/** Seen by nobody on the internet: behind address translation, or this machine itself. */
export function isPrivate(text: string): boolean {
  const network = parseNetwork(text);
  const ranges = [...PRIVATE, 'fc00::/7', 'fe80::/10', '::1'].map((range) => parseNetwork(range) as Network);
  return network !== undefined && ranges.some((range) => contains(range, network));
}

/** Loopback, and what Tailscale gives out: nobody else on a network can send there. */
const NEAR = ['127.0.0.1', '::1', '100.64.0.0/10', 'fd7a:115c:a1e0::/48'];

/** `127.0.0.1:7288`, `[::1]:7288`, `100.101.102.103:7288`: where a page may listen that must not face a network. */
export function isPageAddress(text: string): boolean {
  const [, six, four, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const network = parseNetwork(six ?? four ?? '');
  if (network === undefined || (six === undefined) !== (network.family === 4)) return false;
  const isPort = Number(port) > 0 && Number(port) < 65_536;
  return isPort && NEAR.some((near) => contains(parseNetwork(near) as Network, network));
}

export const isAddress = (text: string): boolean => isIP(text) !== 0 && !text.includes('%');

export function isHostName(text: string): boolean {
  const labels = text.replace(/\.$/, '').split('.');
  // All digits in the last part: a mistyped IPv4 address, never a name.
  return (
    text.length <= 253 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '')
  );
}

/** One spelling for one host, so that `2001:DB8::1` and `2001:db8:0::1` are seen to be the same. */
export function canonicalHost(text: string): string {
  const network = parseNetwork(text);
  return network === undefined ? text.toLowerCase().replace(/\.$/, '') : canonicalNetwork(network);
}

function toNumber(address: string): bigint {
  if (!address.includes(':')) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (dotted) => toHexPair(toNumber(dotted)));
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

const toHexPair = (value: bigint): string =>
  `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;

function fromNumber(value: bigint, family: 4 | 6): string {
  const [count, width] = family === 4 ? [4, 8n] : [8, 16n];
  const mask = (1n << width) - 1n;
  const groups = Array.from({ length: count }, (_, at) => (value >> (width * BigInt(count - 1 - at))) & mask);
  if (family === 4) return groups.join('.');
  return shortest(groups.map((group) => group.toString(16)));
}

/** RFC 5952: the longest run of zero groups, the first of equals and at least two, becomes `::`. */
function shortest(groups: string[]): string {
  const [start, length] = longestZeros(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

function longestZeros(groups: string[]): [start: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === '0') end++;
    if (end - start > best[1]) best = [start, end - start];
  }
  return best;
}
