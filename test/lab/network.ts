// The bridge between lab hosts: fixed addresses, with IPv6 where the machine has it.
import { tryDocker } from './docker.js';

export const network = 'clincher-lab';
/** The machine itself, as hosts see it. */
export const machineAddress = '10.66.0.1';

export function addresses(octet: number): { address: string; address6: string } {
  return { address: `10.66.0.${octet}`, address6: `fd66::${octet}` };
}

/** Returns whether hosts have IPv6. */
export async function ensureNetwork(): Promise<boolean> {
  const now = await look();
  if (now !== undefined) return now;
  const v4 = ['--subnet', '10.66.0.0/24', '-o', 'com.docker.network.driver.mtu=1400'];
  const v6 = ['--ipv6', '--subnet', 'fd66::/64'];
  const create = ['network', 'create', '--label', 'clincher.lab', ...v4];
  const tried = await tryDocker([...create, ...v6, network]);
  const last = tried.code === 0 ? tried : await tryDocker([...create, network]);
  const made = await look(); // another process may have been faster
  if (made === undefined) throw new Error(`The lab network cannot be made: ${last.stderr.trim()}`);
  return made;
}

async function look(): Promise<boolean | undefined> {
  const { code, stdout } = await tryDocker(['network', 'inspect', '-f', '{{.EnableIPv6}}', network]);
  return code === 0 ? stdout.trim() === 'true' : undefined;
}
