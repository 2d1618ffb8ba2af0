// Every coded error in one table: what happened, what to type next, how the process exits, whether a retry can help.
import { type ErrorKind, kind } from './error-kind.js';
import { ALERT_ERRORS } from './errors-alerts.js';
import { BACKUP_ERRORS } from './errors-backup.js';
import { CONTROL_ERRORS } from './errors-control.js';
import { FAILOVER_ERRORS } from './errors-failover.js';
import { OPERATOR_ERRORS } from './errors-operator.js';
import { PAGE_ERRORS } from './errors-page.js';
import { PARTITION_ERRORS } from './errors-partition.js';

export type { ErrorKind } from './error-kind.js';

/** Exit codes as in `clincher help exit-codes`. A code never changes its meaning. */
export const EXIT_CODES: Readonly<Record<number, string>> = {
  0: 'done; for `plan`: also when there are changes',
  1: 'run or command failed',
  2: 'usage or configuration invalid; nothing was contacted',
  3: 'drift: `verify`, or `plan --exit-code` with changes',
  4: 'Temporal or worker not reachable',
  5: 'host unreachable, or its host key does not match',
  6: 'declined or aborted by a person',
  7: 'locked: another run is active',
  8: 'pending: `--detach`, a gate is open, or `--timeout` was reached',
  130: 'Ctrl-C: you left, the run goes on',
};

export const ERRORS = {
  USAGE: kind(2, false, 'The command line is not valid.', 'clincher help'),
  CONFIG_INVALID: kind(2, false, 'The configuration file is not valid.', 'clincher config check'),
  CONFIG_NOT_FOUND: kind(2, false, 'There is no clincher.yaml here.', 'clincher init'),
  UNKNOWN_SERVER: kind(2, false, 'The configuration has no server of that name.', 'clincher config show'),
  SECRET_MISSING: kind(2, false, 'A secret that is referred to has no value.', 'clincher secrets set {ref}'),
  SECRET_SOURCE_FAILED: kind(1, false, 'A secret source did not give a value.', 'clincher secrets ls'),
  VAULT_INVALID: kind(2, false, 'The vault cannot be opened.', 'clincher secrets ls'),
  ANSWER_INVALID: kind(
    2,
    false,
    'The answer does not have the shape that the gate asks for.',
    'clincher gates',
  ),
  // These four exit with 2: clincher.yaml or its lock file wants an edit, and no server was contacted.
  IMAGE_NOT_FOUND: kind(
    2,
    false,
    'An image registry has no such image, tag or digest.',
    'edit stack.images in clincher.yaml, then `clincher images lock`',
  ),
  REGISTRY_REFUSED: kind(
    2,
    false,
    'An image registry refuses access: the image is private, or does not exist.',
    'docker login <registry>',
    'edit stack.images in clincher.yaml',
  ),
  IMAGE_NOT_LOCKED: kind(2, false, 'An image has no digest in the lock file.', 'clincher images lock'),
  LOCK_STALE: kind(
    2,
    false,
    'clincher.yaml and its lock file say different digests.',
    'clincher images lock',
  ),
  PIN_INVALID: kind(
    2,
    false,
    'A skill or persona is not to be had as it is pinned, or is nothing to put before a model.',
    'edit openclaw.skills or openclaw.personas in clincher.yaml, then `clincher retry {run}`',
  ),
  SOURCE_UNREACHABLE: kind(
    1,
    false,
    'The repository of a skill or persona cannot be fetched by the machine of the worker.',
    'clincher retry {run}',
  ),
  NOT_VETTED: kind(
    6,
    false,
    'A person does not want a skill or persona; nothing of it is on the server.',
    'put the commit that was read back into clincher.yaml, or take the entry out',
  ),
  REGISTRY_UNREACHABLE: kind(
    1,
    false,
    'An image registry does not answer as one.',
    'try again: `clincher images lock`',
  ),
  FOLDER_UNUSABLE: kind(
    2,
    false,
    'A folder cannot take what should be written into it.',
    'choose another folder: --out <folder>',
  ),
  TOOL_UNUSABLE: kind(1, false, 'A program that this command needs is missing here, or failed.'),
  UNREACHABLE: kind(
    5,
    true,
    'The host does not answer on any of its known ways in.',
    'clincher doctor -s {server}',
  ),
  AUTH_REFUSED: kind(5, false, 'The host refused every key offered to it.', 'clincher doctor -s {server}'),
  HOST_KEY_MISMATCH: kind(
    5,
    false,
    'The host showed a key that is not pinned.',
    'compare the fingerprints with your provider, then edit servers.{server}.ssh.host_keys in clincher.yaml',
  ),
  HOST_LOST: kind(5, true, 'The connection broke while a command was running.', 'clincher retry {run}'),
  DEADLINE: kind(1, true, 'A remote command took longer than it may.', 'clincher logs {run}'),
  SUDO_REFUSED: kind(
    1,
    false,
    'The user cannot become root without a password.',
    'set servers.{server}.ssh.sudo_password in clincher.yaml to a secret reference',
  ),
  OS_UNSUPPORTED: kind(
    1,
    false,
    'The operating system is not one that clincher supports.',
    'use Debian 12 or 13, or Ubuntu 22.04 or 24.04',
  ),
  PREFLIGHT_FAILED: kind(
    1,
    false,
    'The host is not fit for this runbook yet; nothing was changed.',
    'clincher doctor -s {server}',
  ),
  APT_LOCKED: kind(1, false, 'Another process holds the package manager.', 'clincher retry {run}'),
  STEP_FAILED: kind(
    1,
    false,
    'A command of the step failed on the host.',
    'clincher logs {run}',
    'clincher retry {run}',
  ),
  STEP_DID_NOT_CONVERGE: kind(
    1,
    false,
    'The commands reported success, and the host still differs.',
    'clincher plan -s {server} --diff',
  ),
  HAND_EDITED: kind(
    1,
    false,
    'A file was edited by hand since clincher wrote it; it was left as it is.',
    'take the edit over into clincher.yaml, then `clincher retry {run}`',
    'clincher skip {run} (keeps the edit)',
    'clincher run provision -s {server} --replace-edited (takes the edit back)',
  ),
  NOT_HEALTHY: kind(
    1,
    false,
    'A service does not become healthy.',
    'clincher logs {run}',
    'clincher retry {run}',
  ),
  NOT_PROVED: kind(
    1,
    false,
    'Something that was promised could not be proved, so nothing was exposed.',
    'clincher verify -s {server}',
    'clincher retry {run}',
  ),
  FACT_UNKNOWN: kind(
    1,
    false,
    'Something could not be read, so it is neither right nor wrong.',
    'clincher doctor -s {server}',
  ),
  LOCKOUT_REVERTED: kind(
    1,
    false,
    'The change would have locked us out, so the host put the old state back.',
    'clincher plan -s {server} --diff',
    'clincher retry {run}',
  ),
  LOCKED: kind(
    7,
    false,
    'Another run is active on this server.',
    'clincher follow {run}',
    'clincher lock status -s {server}',
  ),
  FOREIGN_LOCK: kind(
    7,
    false,
    'Another control plane marked this server as its own.',
    'clincher lock status -s {server}',
  ),
  ADOPTED: kind(
    7,
    false,
    'Another control plane has adopted this server, and runs it now.',
    'clincher adopt -s {server} --reason "why"',
  ),
  GATE_TIMED_OUT: kind(6, false, 'Nobody answered in time.', 'clincher run {runbook} -s {server}'),
  NO_SUCH_GATE: kind(2, false, 'No gate of that name is open.', 'clincher gates'),
  RUN_NOT_FOUND: kind(2, false, 'There is no such run.', 'clincher runs'),
  ABORTED: kind(6, false, 'The run was aborted by a person.', 'clincher show {run}'),
  DECLINED: kind(6, false, 'Declined; nothing was changed.'),
  PAIRING_NOT_FOUND: kind(
    1,
    false,
    'Nobody waits by that code or id: it is mistyped, or has ended. A person’s code lasts an hour, a device’s request five minutes.',
    'clincher pairing ls -s {server}',
    'have them write to the bot, or connect, once more',
  ),
  PAIRING_FAILED: kind(
    1,
    false,
    'OpenClaw did not do what was decided about a pairing request, or it could not be read back.',
    'clincher pairing ls -s {server}',
    'clincher logs {run}',
  ),
  NOT_ROTATED: kind(
    1,
    false,
    'A new secret was not proved: it is not taken, or the old one still is. The old one is put back.',
    'clincher show {run}',
    'clincher verify -s {server}',
  ),
  NOT_RUNNING: kind(
    1,
    false,
    'What is to be replaced does not run, so there is nothing to go back to.',
    'clincher run provision -s {server}',
  ),
  TRIAL_FAILED: kind(
    1,
    false,
    'The new version does not start on a copy of this server; the server itself was not touched.',
    'clincher logs {run}',
    'put the version of before back in clincher.yaml',
  ),
  ROLLED_BACK: kind(
    1,
    false,
    'A new version did not hold what it must; the old one runs again, with its data and configuration of before.',
    'clincher show {run}',
    'put the version of before back in clincher.yaml, or the next provision tries the new one again',
  ),
  ROLLBACK_FAILED: kind(
    1,
    false,
    'A new version failed, and going back failed too: a person has to look. What was kept is on the server, below monitoring/backups/.upgrade in the folder of the stack.',
    'clincher logs {run}',
    'clincher backups ls -s {server}',
  ),
  EGRESS_REFUSED: kind(
    1,
    false,
    'Smokescreen does not start with the new list of ways out; the one in use was not touched.',
    'take the domain that it names out of stack.egress.extra_domains in clincher.yaml',
    'clincher logs {run}',
  ),
  EGRESS_BROKEN: kind(
    1,
    false,
    'A way out was not as the change meant it, or not as it was before; the old list is put back.',
    'clincher show {run}',
    "clincher verify -s {server} --only 'verify.egress-*'",
  ),
  EGRESS_NEEDED: kind(2, false, 'A provider or channel needs this way out.', 'turn it off in clincher.yaml'),
  NOT_BACK: kind(5, false, 'A host is not back from its reboot.', 'open the console at its provider'),
  ...BACKUP_ERRORS,
  ...FAILOVER_ERRORS,
  ...PARTITION_ERRORS,
  ...OPERATOR_ERRORS,
  ...CONTROL_ERRORS,
  ...ALERT_ERRORS,
  ...PAGE_ERRORS,
  BACKUP_KEY_KEPT: kind(1, false, 'Some backups open with the old key alone: it stays in the vault.'),
  AUDIT_BROKEN: kind(
    1,
    false,
    'An audit export is not as it was written, or was signed by somebody else.',
    'have it sent once more, or make another: clincher audit export -s all --out <file>',
    'compare with an export of the same time that somebody else kept',
  ),
  DISK_FULL: kind(
    1,
    false,
    'The server’s disk has no room for it; what was begun was removed again.',
    'make room on the server: `docker system df`, `du -xh / --max-depth=3` say what takes it',
    'lower backup.keep_days, then clincher run backup -s {server}',
  ),
  DRIFT: kind(3, false, 'The host differs from the configuration.', 'clincher plan -s {server} --diff'),
  TEMPORAL_UNREACHABLE: kind(4, false, 'Temporal does not answer.', 'clincher up', 'clincher doctor'),
  TEMPORAL_NOT_AVAILABLE: kind(
    4,
    false,
    'No Temporal server could be found, downloaded or built.',
    'install the temporal CLI, or set TEMPORAL_ADDRESS',
  ),
  WORKER_NOT_RUNNING: kind(4, false, 'No worker takes the work.', 'clincher up', 'clincher worker'),
  OUTCOME_UNKNOWN: kind(
    4,
    false,
    'The answer was sent and no reply came: it may still be applied.',
    'clincher show {run}',
  ),
  PENDING: kind(8, false, 'The run waits for a person.', 'clincher gates'),
  INTERNAL: kind(1, false, 'clincher itself failed.', 'repeat with --debug and report it'),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorDetails {
  /** Last lines of what was seen, at most 8, already redacted. */
  evidence?: readonly string[];
  /** Replaces the table's remedy where the place of failure knows better. */
  remedy?: readonly string[];
  cause?: unknown;
}

/** An error with a code from the table. Its message must be fit to print: no secret, no control character. */
export class ClincherError extends Error {
  override readonly name = 'ClincherError';
  readonly evidence: readonly string[];
  readonly remedy: readonly string[];

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.evidence = (details.evidence ?? []).slice(-8);
    this.remedy = details.remedy ?? ERRORS[code].remedy;
  }

  get exitCode(): number {
    return ERRORS[this.code].exitCode;
  }
}

/** Types that Temporal must not retry; declared once, here. */
export const NON_RETRYABLE: readonly string[] = Object.entries(ERRORS)
  .filter(([, entry]) => !entry.retryable)
  .map(([code]) => code);
