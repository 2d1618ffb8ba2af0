// Coded errors of what a host can hold, and of partitions: the part of errors.ts that is theirs.
import { type ErrorKind, kind } from './error-kind.js';

export const PARTITION_ERRORS = {
  HOST_TOO_SMALL: kind(
    1,
    false,
    'The host has not what its gateways may take together; nothing was changed.',
    'set stack.tier to `auto`, lower stack.limits, take away a partition, or take a larger server',
  ),
  UNKNOWN_PARTITION: kind(
    2,
    false,
    'The server has no partition of that name.',
    'clincher config show -s {server}',
  ),
  BOT_IN_USE: kind(
    1,
    false,
    'A bot is held by another gateway already: two would take each other’s messages away.',
    'make another bot with @BotFather (/newbot), then store its token: clincher secrets ls -s {server}',
  ),
  PARTITION_LEFT: kind(
    1,
    false,
    'Containers of a partition are still on the server.',
    'clincher logs {run}',
    'the same again, when the server answers',
  ),
} as const satisfies Record<string, ErrorKind>;
