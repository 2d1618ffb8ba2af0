// Which task of the playbook and which operation of the deploy stands for which step; the docs show it, and it must name every step.
import { CHECKLISTS } from '../../src/steps/index.js';

export interface Equivalent {
  step: string;
  ansible: string;
  pyinfra: string;
}

const FILE = ['copy', 'files.put'] as const;
const PROOF = ['shell (read only)', 'fact Command'] as const;

const both = (...kinds: (readonly [string, string])[]): Pick<Equivalent, 'ansible' | 'pyinfra'> => ({
  ansible: kinds.map(([ansible]) => ansible).join(', '),
  pyinfra: kinds.map(([, pyinfra]) => pyinfra).join(', '),
});

const SERVICE = ['systemd_service', 'systemd.service'] as const;

export const EQUIVALENTS: readonly Equivalent[] = [
  { step: 'base.user', ...both(['user', 'server.user']) },
  { step: 'base.sudo', ...both(FILE) },
  {
    step: 'base.authorized-keys',
    ...both(['authorized_key, exclusive', 'server.user_authorized_keys, delete_keys']),
  },
  { step: 'base.ssh-door', ...both(FILE, PROOF) },
  { step: 'base.sshd', ...both(FILE, PROOF) },
  { step: 'base.packages', ...both(FILE, FILE, ['apt', 'apt.packages']) },
  { step: 'base.docker', ...both(SERVICE) },
  { step: 'base.compose', ...both(PROOF) },
  { step: 'base.docker-daemon', ...both(FILE, PROOF) },
  { step: 'base.docker-group', ...both(['user', 'server.user']) },
  { step: 'base.sysctl', ...both(FILE, PROOF) },
  { step: 'base.ipv6', ansible: 'not asked for', pyinfra: 'not asked for' },
  { step: 'base.time', ...both(PROOF) },
  { step: 'base.unattended-upgrades', ...both(FILE, PROOF, ['systemd_service × 2', 'systemd.service × 2']) },
  { step: 'base.directories', ...both(['file × 5', 'files.directory × 5']) },
  { step: 'harden.firewall', ...both(FILE, ['command, ufw', 'own fact'], PROOF) },
  {
    step: 'harden.web-ports',
    ansible: 'ufw, where `ufw show added` lacks the rule',
    pyinfra: 'the same fact',
  },
  { step: 'harden.docker-user', ...both(FILE, FILE, PROOF) },
  { step: 'harden.fail2ban', ...both(FILE, SERVICE, PROOF) },
  { step: 'harden.tailscale', ansible: 'not asked for', pyinfra: 'not asked for' },
];

/** A step that the peers do not do would make the comparison unfair. */
export function mustBeComplete(checklists: readonly string[]): void {
  const steps = CHECKLISTS.filter(({ id }) => checklists.includes(id)).flatMap((list) => list.steps);
  const lacking = steps.filter(({ id }) => !EQUIVALENTS.some(({ step }) => step === id));
  if (lacking.length > 0)
    throw new Error(`bench/peers has no equivalent of ${lacking.map(({ id }) => id).join(', ')}`);
}
