// The table of contents: the guide's troubleshooting table (Step 12), row by row, and what it lacks.
import type { Diagnosis } from '../model.js';
import { cacheMisses, redis } from './cache.js';
import { channelMute, telegramDrops } from './channels.js';
import { configError } from './config.js';
import { containerLoops, outOfMemory } from './containers.js';
import { disk } from './disk.js';
import { egressBlocks } from './egress.js';
import { gatewayAuth, gatewayUnreachable } from './gateway.js';
import { memory } from './memory.js';
import { modelsUnreachable, providersUnreachable } from './models.js';
import { sandboxClient, sandboxDoor } from './sandbox.js';
import { swap } from './swap.js';

export const DIAGNOSES: readonly Diagnosis[] = [
  sandboxClient,
  sandboxDoor,
  gatewayUnreachable,
  gatewayAuth,
  modelsUnreachable,
  providersUnreachable,
  memory,
  telegramDrops,
  channelMute,
  containerLoops,
  egressBlocks,
  outOfMemory,
  swap,
  configError,
  redis,
  cacheMisses,
  // Not in the guide's table.
  disk,
];
