// base.authorized-keys: exactly the keys of the configuration open the deploy user's door.
import { file, fileChange, folderChange, folders } from '../commands/files.js';
import { homeOf } from '../commands/users.js';
import type { Server } from '../model.js';
import { defineStep } from './define.js';

const folderOf = (want: Server): string => `${homeOf(want.ssh.user)}/.ssh`;
const pathOf = (want: Server): string => `${folderOf(want)}/authorized_keys`;

export const baseAuthorizedKeys = defineStep({
  id: 'base.authorized-keys',
  title: 'The keys of the configuration, and no others, log in',
  why: 'A key that somebody left behind is a door that nobody watches. Whoever leaves the configuration loses the host.',
  source: 'guide Step 1; sshd(8), AUTHORIZED_KEYS FILE FORMAT',
  guard: {
    restore: (want) => [folderOf(want)],
    reload: [],
    // Our port may not be open yet: the keys are proved on the way that we came.
    prove: (want, { via }) => ({ address: want.address, port: via.port, user: want.ssh.user }),
  },
  facts: (want) => ({ folder: folders([folderOf(want)]), keys: file(pathOf(want)) }),
  plan({ folder, keys }, want) {
    const { user, authorized_keys } = want.ssh;
    if (authorized_keys.length === 0) throw new Error('the configuration has no key that could log in');
    const content = `${authorized_keys.join('\n')}\n`;
    return [
      ...folderChange(folder.get(folderOf(want)), {
        path: folderOf(want),
        mode: '0700',
        owner: user,
        group: user,
      }),
      ...fileChange(keys, { path: pathOf(want), content, mode: '0600', owner: user, group: user }),
    ];
  },
});
