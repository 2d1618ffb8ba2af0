// The table of contents: every checklist, in the order in which a run goes through it.
import type { AnyStep } from '../model.js';
import { backupOffsite } from './backup-offsite.js';
import { backupProgram, backupTools } from './backup-program.js';
import { backupTimer } from './backup-timer.js';
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
import { controlBackup, controlTimer } from './control-backup.js';
import {
  controlFiles,
  controlFolders,
  controlImages,
  controlKeysMade,
  controlTools,
} from './control-files.js';
import { controlServices } from './control-services.js';
import { convenienceFilebrowser } from './convenience-filebrowser.js';
import { convenienceShortcuts } from './convenience-shortcuts.js';
import { convenienceUploads } from './convenience-uploads.js';
import type { Checklist } from './define.js';
import { hardenDockerUser } from './harden-docker-user.js';
import { hardenFail2ban } from './harden-fail2ban.js';
import { hardenFirewall } from './harden-firewall.js';
import { hardenTailnetDoor, hardenTailnetOnly } from './harden-tailnet.js';
import { hardenTailscale } from './harden-tailscale.js';
import { hardenWebPorts } from './harden-web-ports.js';
import { metricsFigures, metricsFolder, metricsTimer } from './metrics-figures.js';
import { metricsServices } from './metrics-services.js';
import { monitoringFiles, monitoringFolders, monitoringImages } from './monitoring-files.js';
import { monitoringKuma } from './monitoring-kuma.js';
import { monitoringServices } from './monitoring-services.js';
import { openclawConfig } from './openclaw-config.js';
import { openclawPermissions } from './openclaw-permissions.js';
import { openclawPersonas } from './openclaw-personas.js';
import { openclawSkills } from './openclaw-skills.js';
import { openclawSoul } from './openclaw-soul.js';
import { openclawState } from './openclaw-state.js';
import { proxyServices } from './proxy-services.js';
import { proxyTailscaleServe } from './proxy-tailscale-serve.js';
import { pruneBuildCache, pruneContainers, pruneImages } from './prune-docker.js';
import { pruneLeftovers } from './prune-leftovers.js';
import { stackCompose } from './stack-compose.js';
import { stackDirectories } from './stack-directories.js';
import { stackEgress } from './stack-egress.js';
import { stackEnv } from './stack-env.js';
import { stackImages } from './stack-images.js';
import { stackModels } from './stack-models.js';
import { stackProxies } from './stack-proxies.js';
import { stackSecrets } from './stack-secrets.js';
import { stackServices } from './stack-services.js';

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
  // Guide Steps 3 and 4, as far as nothing runs yet: files and images.
  {
    id: 'stack',
    title: 'Files and images of the stack',
    steps: [
      stackDirectories,
      stackCompose,
      stackEnv,
      stackModels,
      stackEgress,
      stackSecrets,
      stackProxies,
      convenienceUploads,
      convenienceShortcuts,
      stackImages,
    ],
  },
  // Guide Step 5, and what Steps 6 to 8 set in OpenClaw itself.
  {
    id: 'harden.openclaw',
    title: 'Harden OpenClaw',
    steps: [
      openclawSoul,
      openclawPersonas,
      openclawSkills,
      openclawConfig,
      openclawState,
      openclawPermissions,
    ],
  },
  // Guide Step 4's start, after Step 5's hardening: the gateway never runs without it, not for a minute.
  { id: 'services', title: 'Start the services', steps: [stackServices, convenienceFilebrowser] },
  // Guide Step 11: from now on nothing that is said to the gateway is lost with the server.
  {
    id: 'backup',
    title: 'Back the server up',
    steps: [backupTools, backupProgram, backupOffsite, backupTimer],
  },
  // Guide Step 9, when everything before was proved.
  { id: 'proxy', title: 'Let people in', steps: [proxyServices, proxyTailscaleServe] },
  // Guide Step 13.2.1, where somebody watches: figures, and the door to them.
  {
    id: 'metrics',
    title: 'Figures for a monitor',
    steps: [metricsFolder, metricsFigures, metricsTimer, metricsServices],
  },
  // And where somebody is that watches.
  {
    id: 'monitoring',
    title: 'Watch the others',
    steps: [monitoringFolders, monitoringFiles, monitoringImages, monitoringServices, monitoringKuma],
  },
  // Of no provision: a run of its own puts a control plane on a monitor, and moves to it.
  {
    id: 'control',
    title: 'A control plane for good',
    steps: [
      controlTools,
      controlFolders,
      controlFiles,
      controlKeysMade,
      controlImages,
      controlServices,
      controlBackup,
      controlTimer,
    ],
  },
  // Of no provision: what a server has been through, and needs no more.
  {
    id: 'prune',
    title: 'Remove what nothing needs',
    steps: [pruneContainers, pruneImages, pruneBuildCache, pruneLeftovers],
  },
];

export const STEPS: readonly AnyStep[] = CHECKLISTS.flatMap((list) => list.steps);
