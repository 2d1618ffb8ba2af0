// base.ipv6: off, where the configuration does without it.
import { file, fileChange } from '../commands/files.js';
import { action } from '../commands/shell.js';
import * as sysctl from '../commands/sysctl.js';
import { change, defineStep } from './define.js';

const PATH = '/etc/sysctl.d/98-clincher-ipv6.conf';
const KEYS = ['all', 'default', 'lo'].map((name) => `net.ipv6.conf.${name}.disable_ipv6`);
const CONTENT = `# Written by clincher (base.ipv6).\n${KEYS.map((key) => `${key} = 1\n`).join('')}`;

export const baseIpv6 = defineStep({
  id: 'base.ipv6',
  title: 'IPv6 is off',
  why: 'A second address family is a second set of rules to get right; without use for it, it is only surface.',
  source: 'guide Step 2 (optional)',
  after: [],
  wanted: (want) => !want.system.ipv6,
  facts: () => ({ conf: file(PATH), live: sysctl.values(KEYS) }),
  plan: ({ conf, live }) => [
    ...fileChange(conf, { path: PATH, content: CONTENT, mode: '0644' }),
    ...KEYS.filter((key) => live.has(key) && live.get(key) !== '1').map((key) =>
      change(`set ${key} to 1`, action(...sysctl.set(key, '1'))),
    ),
  ],
  notes: ({ live }) => (live.size === 0 ? ['this kernel has no IPv6 at all'] : []),
});
