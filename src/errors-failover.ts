// Coded errors of standbys and failovers: the part of errors.ts that is theirs.
import { type ErrorKind, kind } from './error-kind.js';

export const FAILOVER_ERRORS = {
  NOT_FENCED: kind(
    1,
    false,
    'The old server was not stopped for certain: two gateways must never hold one bot.',
    'clincher logs {run}',
    'power it off at its provider, or revoke the bot’s token, then: clincher retry {run}',
  ),
  HOST_FENCED: kind(
    1,
    false,
    'This server was fenced: another goes on in its place.',
    'look whether clincher.yaml still has the old address: clincher status',
    'make it the standby again: clincher run stage-standby -s <the standby of {server}>',
  ),
  NOT_DOWN: kind(
    1,
    false,
    'Others see the server answer; only this control plane does not get in, so it can stop nothing there.',
    'clincher doctor -s {server}',
    'mend the way there, or say that you know better: clincher run failover -s {server} --anyway',
  ),
  NOT_REACHED: kind(
    1,
    false,
    'The server that runs cannot be reached, so it cannot make a last backup: that is a failover, no failback.',
    'clincher run failover -s {server}',
  ),
} as const satisfies Record<string, ErrorKind>;
