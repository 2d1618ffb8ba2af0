// Coded errors of alerts: the part of errors.ts that is theirs.
import { type ErrorKind, kind } from './error-kind.js';

export const ALERT_ERRORS = {
  NO_CHANNELS: kind(
    2,
    false,
    'The configuration names nobody who could be told.',
    'set servers.{server}.alerts.channels in clincher.yaml',
  ),
  CHANNEL_FAILED: kind(
    1,
    false,
    'A channel did not take an alert.',
    'look at its own words above, and at alerts.channels in clincher.yaml',
    'clincher alerts test -s {server}',
  ),
  NOBODY_TOLD: kind(
    1,
    true,
    'No channel took an alert, so nobody knows of it.',
    'clincher alerts test -s {server}',
  ),
  PING_FAILED: kind(
    1,
    true,
    'Whoever was to notice the watchdog’s silence did not hear of it.',
    'look at watchdog.ping in clincher.yaml, and at the address in the vault',
    'clincher secrets ls -s {server}',
  ),
  NOT_HEALED: kind(
    1,
    false,
    'A service did not start, or did not become healthy.',
    'clincher logs {run}',
    'clincher run heal -s {server}',
    "clincher run provision -s {server} --only 'stack.*'",
  ),
} as const satisfies Record<string, ErrorKind>;
