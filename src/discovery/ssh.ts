// Who logs in, by which port, from where: as the login that just worked, and the firewall, have it.
import { file } from '../commands/files.js';
import * as ufw from '../commands/ufw.js';
import { homeOf } from '../commands/users.js';
import { defineDiscovery, found } from './define.js';

const keysOf = (user: string): string => `${homeOf(user)}/.ssh/authorized_keys`;

/** Keys with options do more, or less, than log in; what they were for is a person's to say. */
const plainKeys = (content: string): string[] =>
  content
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^(?:ssh|ecdsa|sk)-/.test(line));

export const discoverSsh = defineDiscovery({
  id: 'ssh',
  facts: (_, { user }) => ({ keys: file(keysOf(user)), firewall: ufw.state }),
  found({ keys, firewall }, _, { user, port }) {
    const admitted = firewall.rules.filter((rule) => ufw.admits(rule) && rule.ports === String(port));
    const admins = [...new Set(admitted.map(({ from }) => from).filter((from) => from !== 'any'))];
    const lines = plainKeys(keys?.content ?? '');
    return [
      // Root's own login is turned off, so its name is not taken over.
      ...found('ssh.user', user === 'root' ? undefined : user, 'the login that worked'),
      ...found('ssh.port', port, 'the login that worked'),
      ...found('ssh.authorized_keys', lines.length > 0 ? lines : undefined, keysOf(user)),
      ...found('ssh.admin_addresses', firewall.isEnabled && admins.length > 0 ? admins : undefined, 'ufw'),
    ];
  },
});
