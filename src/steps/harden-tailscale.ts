// harden.tailscale: the node is installed and asks to be let into the tailnet; a person lets it in.
import * as apt from '../commands/apt.js';
import { type FileNow, file, fileChangeBy } from '../commands/files.js';
import * as keyring from '../commands/keyring.js';
import { bringUp, isUpAndStays, show } from '../commands/systemd.js';
import * as tailscale from '../commands/tailscale.js';
import type { Change, HostContext } from '../model.js';
import { dpkg } from './base-packages.js';
import { change, defineStep } from './define.js';

/** Of the key that signs pkgs.tailscale.com: https://tailscale.com/kb/1174/install-debian-bookworm */
const KEY = '2596A99EAAB33821893C0A79458CA832957F5868';
const KEYRING = '/usr/share/keyrings/tailscale-archive-keyring.gpg';
const REPOSITORY = 'https://pkgs.tailscale.com/stable';
const SOURCE = '/etc/apt/sources.list.d/tailscale.sources';

const source = ({ id, codename }: HostContext['os']): string =>
  `# Written by clincher (harden.tailscale).
Types: deb
URIs: ${REPOSITORY}/${id}
Suites: ${codename}
Components: main
Signed-By: ${KEYRING}
`;

const unit = show('tailscaled.service');

interface Now {
  installed: Map<string, string>;
  key: string[];
  source: FileNow | null;
}

/** Packages that APT verifies, from a key that we verified. */
function fromUpstream(now: Now, { os }: HostContext): Change[] {
  const aim = { path: SOURCE, content: source(os), mode: '0644' };
  const isPinned = now.key.length === 1 && now.key[0] === KEY;
  const key = keyring.fetch(`${REPOSITORY}/${os.id}/${os.codename}.noarmor.gpg`, KEY, KEYRING);
  return [
    ...(isPinned ? [] : [change('trust the key of Tailscale’s repository', key)]),
    ...fileChangeBy(now.source, aim, apt.addSource(aim)),
    ...(now.installed.has('tailscale') ? [] : [change('install tailscale', apt.install('tailscale'))]),
  ];
}

export const hardenTailscale = defineStep({
  id: 'harden.tailscale',
  title: 'Tailscale is installed and runs',
  why: 'A port that only your own devices can reach is not found by scanners, whatever hole it may have.',
  source: 'guide Step 2 (optional); https://tailscale.com/kb/1031/install-linux',
  after: [],
  wanted: (want) => want.tailscale.enabled,
  timeoutMs: 20 * 60_000,
  facts: () => ({
    installed: dpkg,
    key: keyring.fingerprints(KEYRING),
    source: file(SOURCE),
    unit,
    status: tailscale.status,
  }),
  plan(now, want, host) {
    const { isUp, loginUrl } = now.status;
    const unit = now.unit['tailscaled.service'];
    if (want.tailscale.source === 'present' && unit.load !== 'loaded')
      throw new Error('tailscale.source is `present`, and this host has no tailscaled.service');
    return [
      ...(want.tailscale.source === 'tailscale' ? fromUpstream(now, host) : []),
      ...(isUpAndStays(unit)
        ? []
        : [change('start tailscaled, now and at boot', bringUp('tailscaled.service'))]),
      ...(isUp || loginUrl
        ? []
        : [
            change(
              'ask for a login to the tailnet',
              tailscale.askForLogin(want.name, want.tailscale.login_server),
            ),
          ]),
    ];
  },
  notes: ({ status }) => (status.loginUrl && !status.isUp ? [`log in at ${status.loginUrl}`] : []),
});
