// Who logs in, by which port, from where: as the login that just worked, and the firewall, have it.
import { file } from '../commands/files.js';
import * as ufw from '../commands/ufw.js';
import { homeOf } from '../commands/users.js';
import { defineDiscovery, found } from './define.js';

const keysOf = (user: string): string => `${homeOf(user)}/.ssh/authorized_keys`;

const linesOf = (content = ''): string[] =>
  content
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Keys with options do more, or less, than log in; what they were for is a person's to say. */
const isPlain = (line: string): boolean => /^(?:ssh|ecdsa|sk)-/.test(line);

export const discoverSsh = defineDiscovery({
  id: 'ssh',
  facts: (_, { user }) => ({ keys: file(keysOf(user)), firewall: ufw.state }),
  found({ keys, firewall }, _, { user, port }) {
    const admitted = firewall.rules.filter((rule) => ufw.admits(rule) && rule.ports === String(port));
    const admins = [...new Set(admitted.map(({ from }) => from).filter((from) => from !== 'any'))];
    const lines = linesOf(keys?.content).filter(isPlain);
    return [
      // Root's own login is turned off, so its name is not taken over.
      ...found('ssh.user', user === 'root' ? undefined : user, 'the login that worked'),
      ...found('ssh.port', port, 'the login that worked'),
      ...found('ssh.authorized_keys', lines.length > 0 ? lines : undefined, keysOf(user)),
      ...found('ssh.admin_addresses', firewall.isEnabled && admins.length > 0 ? admins : undefined, 'ufw'),
    ];
  },
  left({ keys }, _, { user }) {
    const count = linesOf(keys?.content).filter((line) => !isPlain(line)).length;
    const why = `${count} of its lines log in with options, which clincher does not write: a run takes them away`;
    return count === 0 ? [] : [{ name: 'keys with options', place: keysOf(user), why }];
  },
});
