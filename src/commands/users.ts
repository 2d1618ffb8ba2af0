// Users, groups and what sudo lets them do (getent(1), useradd(8), sudo(8)).
import type { Command, Fact } from '../model.js';
import { sh } from './shell.js';

export interface User {
  home: string;
  shell: string;
  groups: string[];
  /** `!` before the password's hash: sshd without PAM refuses even keys of a locked user. */
  isLocked: boolean;
}

/** null when there is no such user. */
export function user(name: string): Fact<User | null> {
  return {
    read: sh(
      'getent passwd -- "$1" || exit 0; id -nG -- "$1"; getent shadow -- "$1" | { IFS=: read -r _ hash _; printf "%.1s\\n" "$hash"; }',
      name,
    ),
    parse({ stdout }) {
      const [passwd = '', groups = '', shadow = ''] = stdout.split('\n');
      if (passwd === '') return null;
      const [, , , , , home = '', shell = ''] = passwd.split(':');
      return { home, shell, groups: groups.split(' ').filter(Boolean), isLocked: shadow === '!' };
    },
  };
}

export const homeOf = (name: string): string => (name === 'root' ? '/root' : `/home/${name}`);

/** `*`: no password fits and the user is not locked, so that keys work with and without PAM. */
export const add = (name: string, shell: string): Command => [
  'useradd',
  '--create-home',
  '--user-group',
  '--home-dir',
  homeOf(name),
  '--shell',
  shell,
  '--password',
  '*',
  name,
];
export const setShell = (name: string, shell: string): Command => ['usermod', '--shell', shell, name];
export const unlock = (name: string): Command => ['usermod', '--password', '*', name];
export const addGroup = (group: string): Command => ['groupadd', '--force', '--system', group];
export const join = (name: string, group: string): Command => [
  'usermod',
  '--append',
  '--groups',
  group,
  name,
];

/** What sudo itself says: null without sudo or without such a user, else whether all of it goes without a password. */
export function sudo(name: string): Fact<{ needsNoPassword: boolean } | null> {
  return {
    read: ['sudo', '-n', '-l', '-U', name],
    parse({ stdout, stderr, exitCode }) {
      if (/unknown user/.test(stderr)) return null;
      if (exitCode !== 0 && !/not allowed to run sudo/.test(stdout + stderr))
        throw new Error(stderr || 'sudo does not answer');
      // sudoers(5): where several entries match, the last one counts.
      const rules = stdout.split('\n').filter((line) => /^ {4}\(/.test(line));
      return { needsNoPassword: /^ {4}\(ALL( : ALL)?\) NOPASSWD: ALL$/.test(rules.at(-1) ?? '') };
    },
    absent: null,
  };
}
