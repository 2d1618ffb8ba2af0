// base.docker-group: the deploy user works with containers without becoming root each time.
import { action } from '../commands/shell.js';
import * as users from '../commands/users.js';
import { change, defineStep } from './define.js';

export const baseDockerGroup = defineStep({
  id: 'base.docker-group',
  title: 'The deploy user may use Docker',
  why: 'Otherwise every docker command of an operator needs sudo, and files that it writes belong to root. Whoever is in the group can become root, as the deploy user may anyway.',
  source: 'guide Step 1; https://docs.docker.com/engine/install/linux-postinstall/',
  after: ['base.docker'],
  facts: (want) => ({ user: users.user(want.ssh.user) }),
  plan({ user }, { ssh: { user: name } }) {
    if (user?.groups.includes('docker')) return [];
    return [
      change(
        `${name} joins group docker`,
        action(...users.addGroup('docker')),
        action(...users.join(name, 'docker')),
      ),
    ];
  },
});
