// The table of contents: every check, in the order of the guide's Step 10.
import type { AnyCheck, Server } from '../model.js';
import { backupAge } from './backups.js';
import { discord, slack, telegram, webhook } from './channels.js';
import { egressAllowed, egressDenied, egressList, egressOnly, egressPrivate, egressProxy } from './egress.js';
import { containers, services as exposedServices, token } from './exposed.js';
import { filesExposed, filesLogin, filesWalls } from './filebrowser.js';
import { auth, ready, state, toolsDenied } from './gateway.js';
import { memoryIndex } from './memory.js';
import { budget, litellm, litellmKey, models, redis } from './models.js';
import {
  metricsDoor,
  metricsServices,
  monitorPorts,
  monitorServicesWell,
  monitorTargets,
} from './monitoring.js';
import { networks, ports } from './network.js';
import { offsiteAge } from './offsite.js';
import { audit, plugins, sandbox } from './openclaw.js';
import { anonymous, certificate, portsOutside, webPortsOutside } from './outside.js';
import { apart, apartSecrets } from './partitions.js';
import { sandboxDoor } from './sandbox-door.js';
import { argumentLists, backupKey, environments, files, plaintext } from './secrets.js';
import { images, pinned, services } from './services.js';
import { skills } from './skills.js';
import { standbyCopies, standbyIdle } from './standby.js';
import { limits, mounts, walls } from './walls.js';

export const CHECKS: readonly AnyCheck[] = [
  // What OpenClaw itself says.
  audit,
  plugins,
  skills,
  sandbox,
  sandboxDoor,
  // The containers, as they run.
  services,
  images,
  pinned,
  limits,
  walls,
  mounts,
  state,
  networks,
  ports,
  // Models, budgets, cache.
  litellm,
  litellmKey,
  models,
  budget,
  redis,
  // The ways out.
  egressProxy,
  egressAllowed,
  egressDenied,
  egressPrivate,
  egressOnly,
  egressList,
  // The door.
  ready,
  auth,
  toolsDenied,
  // The channels that are on.
  telegram,
  discord,
  slack,
  webhook,
  // Secrets.
  environments,
  argumentLists,
  plaintext,
  files,
  backupKey,
  backupAge,
  offsiteAge,
  memoryIndex,
  // The page of the shared folder.
  filesWalls,
  filesLogin,
  // Of a server with partitions.
  apart,
  apartSecrets,
  // Of a standby.
  standbyCopies,
  standbyIdle,
  // From outside, and what is true only once the gateway is reached from there.
  portsOutside,
  exposedServices,
  containers,
  webPortsOutside,
  certificate,
  anonymous,
  token,
  filesExposed,
  // Who watches, and what can be read.
  metricsServices,
  metricsDoor,
  monitorServicesWell,
  monitorTargets,
  monitorPorts,
];

/** About the host and what all its gateways have together; once a server is enough. */
const OF_THE_HOST: readonly AnyCheck[] = [backupKey, backupAge, offsiteAge, apartSecrets];

/** Of a partition: all that is proved of a gateway before anybody reaches it, and that it is apart from the others. */
export const checksOf = ({ stack }: Pick<Server, 'stack'>): readonly AnyCheck[] =>
  stack.partition === undefined
    ? CHECKS
    : CHECKS.filter(
        (check) => check.vantage === 'host' && check.id.startsWith('verify.') && !OF_THE_HOST.includes(check),
      );
