// The table of contents: everything the watchdog looks at every few minutes.
import type { AnyWatch, Server } from '../model.js';
import { backups } from './backups.js';
import { clock, disk, inodes, memory, reboot, swap } from './host.js';
import { containers, outOfMemory, restarts } from './services.js';
import { spend } from './spend.js';
import { copies, idle } from './standby.js';
import { certificate, web } from './web.js';

export const WATCHES: readonly AnyWatch[] = [
  // The services.
  containers,
  restarts,
  outOfMemory,
  // The host under them.
  disk,
  inodes,
  memory,
  swap,
  clock,
  reboot,
  // What it costs, what is lost, and how it looks from outside.
  spend,
  backups,
  web,
  certificate,
  // Of a standby.
  copies,
  idle,
];

/** The host under a partition is its server's. */
const OF_A_GATEWAY: readonly AnyWatch[] = [containers, restarts, outOfMemory, spend];

export const watchesOf = ({ stack }: Pick<Server, 'stack'>): readonly AnyWatch[] =>
  stack.partition === undefined ? WATCHES : OF_A_GATEWAY;
