// Whom the egress proxy is asked for: one that it must let out, one that it must refuse, and addresses that are nobody's business.
import type { Server } from '../model.js';
import { egressDomains } from '../stack/egress-acl.js';

/** Reserved for examples (RFC 2606), so no configuration can need it. */
export const REFUSED = 'clincher-refused.example.com:443';

/** The first name of the list that is no wildcard; none where nothing may be reached. */
export const reachable = (server: Server): string[] =>
  egressDomains(server)
    .filter(({ domain }) => !domain.startsWith('*'))
    .slice(0, 1)
    .map(({ domain }) => `${domain}:443`);

/** Where clouds keep a machine's credentials; the proxy itself; a neighbour in each private network that is not let out. */
export const privateTargets = ({ stack }: Server): string[] => [
  '169.254.169.254:80',
  '127.0.0.1:4750',
  ...['10.255.255.254', '172.31.255.254', '192.168.255.254']
    .filter((address) => !stack.egress.allow_ranges.some((range) => isWithin(address, range)))
    .map((address) => `${address}:443`),
];

const asNumber = (address: string): number =>
  address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);

/** Whether an IPv4 address is in a network, or is it. */
export function isWithin(address: string, network: string): boolean {
  const [base = '', bits = '32'] = network.split('/');
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(base) || !/^\d+\.\d+\.\d+\.\d+$/.test(address)) return address === base;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(asNumber(address) / size) === Math.floor(asNumber(base) / size);
}
