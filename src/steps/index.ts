// The table of contents: every checklist, in the order in which a run goes through it.
import type { AnyStep } from '../model.js';
import { baseAuthorizedKeys } from './base-authorized-keys.js';
import { baseCompose } from './base-compose.js';
import { baseDirectories } from './base-directories.js';
import { baseDocker } from './base-docker.js';
import { baseDockerDaemon } from './base-docker-daemon.js';
import { baseDockerGroup } from './base-docker-group.js';
import { baseIpv6 } from './base-ipv6.js';
import { basePackages } from './base-packages.js';
import { baseSshDoor } from './base-ssh-door.js';
import { baseSshd } from './base-sshd.js';
import { baseSudo } from './base-sudo.js';
import { baseSysctl } from './base-sysctl.js';
import { baseTime } from './base-time.js';
import { baseUnattendedUpgrades } from './base-unattended-upgrades.js';
import { baseUser } from './base-user.js';
import type { Checklist } from './define.js';
import { hardenDockerUser } from './harden-docker-user.js';
import { hardenFail2ban } from './harden-fail2ban.js';
import { hardenFirewall } from './harden-firewall.js';
import { hardenTailnetDoor, hardenTailnetOnly } from './harden-tailnet.js';
import { hardenTailscale } from './harden-tailscale.js';
import { hardenWebPorts } from './harden-web-ports.js';

export const CHECKLISTS: readonly Checklist[] = [
  // Guide Step 1: a way in that is ours, Docker, the kernel.
  {
    id: 'base',
    title: 'Base',
    steps: [
      baseUser,
      baseSudo,
      baseAuthorizedKeys,
      baseSshDoor,
      baseSshd,
      basePackages,
      baseDocker,
      baseCompose,
      baseDockerDaemon,
      baseDockerGroup,
      baseSysctl,
      baseIpv6,
      baseTime,
      baseUnattendedUpgrades,
      baseDirectories,
    ],
  },
  // Guide Step 2: who may come in, and by which port.
  {
    id: 'harden.host',
    title: 'Harden the host',
    steps: [hardenFirewall, hardenWebPorts, hardenDockerUser, hardenFail2ban, hardenTailscale],
  },
  // After a person has let the node into the tailnet.
  { id: 'harden.tailnet', title: 'Move SSH to the tailnet', steps: [hardenTailnetDoor, hardenTailnetOnly] },
];

export const STEPS: readonly AnyStep[] = CHECKLISTS.flatMap((list) => list.steps);
