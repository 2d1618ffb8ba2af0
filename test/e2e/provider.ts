// A provider's firewall before a lab host: a rule on the bridge, outside of the host, which nothing inside can see or mend.
import { must } from '../../scripts/run.js';

const rule = (address: string, port: number): string[] => [
  ...['OUTPUT', '-d', `${address}/32`, '-p', 'tcp', '--dport', String(port)],
  ...['-m', 'comment', '--comment', 'clincher-lab-provider', '-j', 'DROP'],
];

/** Returns what lifts it again. */
export async function blockPort(address: string, port: number): Promise<() => Promise<void>> {
  await must('iptables', ['-I', ...rule(address, port)]);
  let isLifted = false;
  return async () => {
    if (isLifted) return;
    isLifted = true;
    await must('iptables', ['-D', ...rule(address, port)]);
  };
}
