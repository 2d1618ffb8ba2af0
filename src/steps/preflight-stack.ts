// What the stack needs of a host before its first change: memory and processors for its limits, room for its images, its subnet.
import type { Network } from '../commands/containers.js';
import type { Subnet } from '../commands/network.js';
import type { ImageName, Machine, Server, Tier } from '../model.js';
import { imagesNeeded, imageTag, roughGib } from '../stack/images.js';
import { cpusNeeded, fittingTier, memoryNeeded } from '../stack/limits.js';

export const GIB = 1024 ** 3;

export const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;

/** Limits that are not there would be no limits: the kernel would choose whom to kill, and Docker would not even start. */
export function limitProblems(host: Machine, want: Server): string[] {
  const { tier } = want.stack;
  const [memory, cpus] = [memoryNeeded(want), cpusNeeded(want)];
  const advice = adviceOf(fittingTier(want, host), tier);
  return [
    ...(memory <= host.memory
      ? []
      : [
          `the limits of tier \`${tier}\` need ${gib(memory)} of memory together, the host has ${gib(host.memory)}: ${advice}`,
        ]),
    ...(cpus <= host.cpus
      ? []
      : [
          `tier \`${tier}\` lets one service use ${cpus} processors, the host has ${host.cpus}: Docker would refuse it; ${advice}`,
        ]),
  ];
}

const adviceOf = (fits: Tier | undefined, tier: Tier): string =>
  fits === undefined || fits === tier
    ? 'lower stack.limits, or take a larger server'
    : `set stack.tier to \`${fits}\`, lower stack.limits, or take a larger server`;

/** How much the images will take that are not on the host yet; `there` holds `repository@sha256:…` as Docker lists it. */
export function imageBytes(there: ReadonlySet<string>, want: Server): number {
  const missing = imagesNeeded(want).filter((name) => !isThere(there, want, name));
  const built = want.stack.egress.source === 'build' && !anyOf(there, 'clincher/smokescreen:');
  const all = [...missing, ...(built ? (['egress'] as const) : [])];
  return all.reduce((sum, name) => sum + roughGib(want, name), 0) * GIB;
}

/** By digest alone: a mirror gives the same contents another name. */
function isThere(there: ReadonlySet<string>, want: Server, name: ImageName): boolean {
  const digest = imageTag(want.stack.images[name]).digest ?? want.digests[name];
  return digest !== undefined && [...there].some((each) => each.endsWith(`@${digest}`));
}

const anyOf = (there: ReadonlySet<string>, start: string): boolean =>
  [...there].some((each) => each.startsWith(start));

const asNumber = (address: string): number =>
  address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);

/** Two networks overlap where the wider one holds the other's address. */
function overlaps(a: string, aPrefix: number, b: string, bPrefix: number): boolean {
  const size = 2 ** (32 - Math.min(aPrefix, bPrefix));
  return Math.floor(asNumber(a) / size) === Math.floor(asNumber(b) / size);
}

/** Docker would only say so in the middle, with the old network gone and the gateway down. `own`: the network of before. */
export function subnetProblems(subnets: readonly Subnet[], own: Network | null, want: Server): string[] {
  return [
    ...overlapping(want.stack.proxy_subnet, 'stack.proxy_subnet', ({ link }) => link === own?.link, subnets),
    ...Object.entries(want.partitions ?? {}).flatMap(([name, { proxy_subnet }]) => {
      // That very network is its own, of an earlier run.
      const isOwn = ({ address, prefix }: Subnet): boolean => isItself(proxy_subnet, address, prefix);
      return overlapping(proxy_subnet, `partitions.${name}.proxy_subnet`, isOwn, subnets);
    }),
  ];
}

/** A link has an address in its network, not the network's. */
const isItself = (subnet: string, address: string, prefix: number): boolean => {
  const [base = '', bits] = subnet.split('/');
  return Number(bits) === prefix && overlaps(base, prefix, address, prefix);
};

function overlapping(
  subnet: string,
  key: string,
  isOwn: (subnet: Subnet) => boolean,
  subnets: readonly Subnet[],
): string[] {
  const [base = '', prefix = '32'] = subnet.split('/');
  const other = subnets.find(
    (each) => !isOwn(each) && overlaps(base, Number(prefix), each.address, each.prefix),
  );
  if (other === undefined) return [];
  return [
    `${key} ${subnet} overlaps ${other.address}/${other.prefix} of ${other.link}: set it to a network that nobody here uses`,
  ];
}
