// base.user: the person's account that everything is done as, since root's own login is turned off.
import { action } from '../commands/shell.js';
import * as users from '../commands/users.js';
import { change, defineStep } from './define.js';

const SHELL = '/bin/bash';
const SHELLS = [SHELL, '/bin/sh', '/bin/dash', '/bin/zsh', '/usr/bin/bash', '/usr/bin/zsh', '/usr/bin/fish'];

export const baseUser = defineStep({
  id: 'base.user',
  title: 'The deploy user exists',
  why: 'Root is the one name that every attacker knows. Work is done by a user of its own, who becomes root when needed.',
  source: 'guide Step 1; useradd(8)',
  after: [],
  facts: (want) => ({ user: users.user(want.ssh.user) }),
  plan({ user: now }, { ssh: { user: name } }) {
    if (now === null)
      return [
        change(
          `create user ${name}, member of sudo`,
          action(...users.addGroup('sudo')),
          action(...users.add(name, SHELL)),
          action(...users.join(name, 'sudo')),
        ),
      ];
    // Its keys and folders are looked for there; moving somebody's home is not ours to do.
    if (now.home !== users.homeOf(name))
      throw new Error(`${name} lives in ${now.home}, not in ${users.homeOf(name)}`);
    return [
      ...(SHELLS.includes(now.shell)
        ? []
        : [change(`shell of ${name}: ${SHELL} (is ${now.shell})`, action(...users.setShell(name, SHELL)))]),
      ...(now.groups.includes('sudo')
        ? []
        : [
            change(
              `${name} joins group sudo`,
              action(...users.addGroup('sudo')),
              action(...users.join(name, 'sudo')),
            ),
          ]),
      ...(now.isLocked
        ? [change(`${name} is no longer locked, still without a password`, action(...users.unlock(name)))]
        : []),
    ];
  },
});
