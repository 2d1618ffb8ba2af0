// base.sudo: the deploy user becomes root without a password, which nobody is there to type.
import * as apt from '../commands/apt.js';
import { type FileWant, file, fileChangeBy, writeChecked } from '../commands/files.js';
import * as users from '../commands/users.js';
import type { Server } from '../model.js';
import { dpkg } from './base-packages.js';
import { change, defineStep } from './define.js';

/** Sorts late: of several entries that match, sudo obeys the last. Names with a dot would be ignored. */
const PATH = '/etc/sudoers.d/99-clincher';

const wanted = (want: Server): FileWant => ({
  path: PATH,
  content: `# Written by clincher (base.sudo).\n${want.ssh.user} ALL=(ALL:ALL) NOPASSWD: ALL\n`,
  mode: '0440',
});

export const baseSudo = defineStep({
  id: 'base.sudo',
  title: 'The deploy user may become root',
  why: 'A run has nobody at hand to type a password, and a user without a password has none to type.',
  source: 'guide Step 1; sudoers(5); visudo(8)',
  facts: (want) => ({ rule: file(PATH), sudo: users.sudo(want.ssh.user), packages: dpkg }),
  plan({ rule, sudo, packages }, want) {
    const rules = fileChangeBy(rule, wanted(want), writeChecked(wanted(want), 'visudo -cf "$1"'));
    if (rules.length === 0 && sudo?.needsNoPassword === false)
      throw new Error(`${PATH} is as it should be, and sudo still asks ${want.ssh.user} for a password`);
    return [...(packages.has('sudo') ? [] : [change('install sudo', apt.install('sudo'))]), ...rules];
  },
});
