// The table of contents: every checklist, in the order in which a run goes through it.
import type { AnyStep } from '../model.js';
import { baseAuthorizedKeys } from './base-authorized-keys.js';
import { basePackages } from './base-packages.js';
import { baseSshDoor } from './base-ssh-door.js';
import { baseSshd } from './base-sshd.js';
import { baseSudo } from './base-sudo.js';
import { baseSysctl } from './base-sysctl.js';
import { baseUser } from './base-user.js';
import type { Checklist } from './define.js';
import { hardenFirewall } from './harden-firewall.js';
import { hardenWebPorts } from './harden-web-ports.js';

export const CHECKLISTS: readonly Checklist[] = [
  // Guide Step 1: a way in that is ours, Docker, the kernel.
  {
    id: 'base',
    title: 'Base',
    steps: [baseUser, baseSudo, baseAuthorizedKeys, baseSshDoor, baseSshd, basePackages, baseSysctl],
  },
  // Guide Step 2: who may come in, and by which port.
  { id: 'harden.host', title: 'Harden the host', steps: [hardenFirewall, hardenWebPorts] },
];

export const STEPS: readonly AnyStep[] = CHECKLISTS.flatMap((list) => list.steps);
