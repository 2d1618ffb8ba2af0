// What workflows may ask of the world, as types: workflows import this file for types only.
import type {
  AuditPage,
  AuditQuestion,
  AuditSigned,
  AuditStatement,
  Backup,
  ChangeView,
  CheckResult,
  DrillRecord,
  ExtraDomain,
  KindedPin,
  OffsiteSeen,
  PairingDecision,
  PairingNow,
  PinReview,
  Proof,
  SecretRef,
  Server,
  Span,
  StepState,
  Survey,
  Trial,
} from '../model.js';
import type { AlertActivities } from './api-alerts.js';
import type { ControlActivities } from './api-control.js';
import type { DiagnoseActivities } from './api-diagnose.js';
import type { DiscoverActivities } from './api-discover.js';
import type { DrDrillActivities } from './api-dr-drill.js';
import type { FailoverActivities } from './api-failover.js';
import type { PartitionActivities } from './api-partition.js';
import type { UpgradeActivities } from './api-upgrade.js';
import type { UpkeepActivities } from './api-upkeep.js';
import type { WatchActivities } from './api-watch.js';

export type * from './api-upkeep.js';

export interface SurveyInput {
  server: Server;
  checklist: string;
  only?: string | undefined;
  from?: string | undefined;
  /** The mutating run that asks; absent for read-only runbooks, which may look at a locked host. */
  run?: string | undefined;
}

export interface ConvergeInput {
  server: Server;
  step: string;
  /** Idempotency key of the effects: `<temporal run id>.<step>.<generation>`; a gate's retry raises the generation. */
  key: string;
  run: string;
  who: string;
  /** A person said that what a hand has written may be replaced. */
  replaceEdited?: boolean | undefined;
}

export interface ConvergeResult {
  outcome: 'ok' | 'changed';
  changes: ChangeView[];
  notes: string[];
  /** When remote commands ran. */
  remote: Span[];
  /** Lines of what the commands said, for `clincher logs`; the whole log is in the state folder. */
  tail: string[];
}

export interface PreflightInput {
  server: Server;
  run: string;
  who: string;
  takeOver?: string | undefined;
}

export interface StoreSecretInput {
  server: Server;
  ref: SecretRef;
  sealed: string;
  shape?: string | undefined;
}

/** A receipt, never the value. */
export type StoreSecretResult =
  | { stored: true; fingerprint: string; note?: string }
  | { stored: false; reason: string };

export interface ProbeInput {
  server: Server;
  /** Name of a probe in steps/probes.ts, e.g. `tailscale-up`. */
  probe: string;
}

export interface ProbeResult {
  done: boolean;
  /** What a person needs meanwhile: a login URL, say. */
  note?: string | undefined;
}

export interface ReviewPinsInput {
  server: Server;
  run: string;
  only?: string | undefined;
  from?: string | undefined;
}

export interface RecordVettingInput {
  server: Server;
  run: string;
  pin: KindedPin;
  sha256: string;
  who: string;
}

export interface ProveInput {
  server: Server;
  /** Who looks in from outside; absent: the worker's own machine. */
  outside?: Server | undefined;
  /** Glob over check ids. */
  only?: string | undefined;
  /** For so long what does not hold is looked at again: it was only just started. */
  patienceMs?: number | undefined;
}

export interface PairingResult {
  now: PairingNow;
  remote: Span[];
}

export interface DecideInput extends PreflightInput {
  decision: PairingDecision;
  /** Idempotency key, as a step's. */
  key: string;
}

export interface TaskInput extends PreflightInput {
  /** Its name in the run: `backup.make`. */
  task: string;
  /** Idempotency key, as a step's. */
  key: string;
}

export interface RotationInput {
  server: Server;
  name: 'gateway_token' | 'litellm_master_key' | 'redis_password';
}

/** The ways out as they were before a change. */
export interface EgressLook {
  /** False: the server is as its configuration says, and nothing was asked. */
  differs: boolean;
  /** Of the list on the server. */
  domains: string[];
  /** Those of them that nobody of ours needs: with these in its configuration the server is as it is. */
  extras: ExtraDomain[];
  /** What the egress proxy said to each, by `host:port`. */
  said: Record<string, { status?: number; error?: string; reason?: string }>;
  remote: Span[];
}

export interface ProveEgressInput {
  server: Server;
  was: EgressLook;
  /** The list that was put back is asked: who did not answer meanwhile does not count. */
  isUndone: boolean;
}

/** Of the backups' key both values are proved by what they open. */
export interface KeptRotationInput {
  server: Server;
  name: RotationInput['name'] | 'backup_key';
}

export interface GivenInput {
  server: Server;
  /** Of a secret in the vault that others have made. */
  ref: SecretRef;
}

export interface NewSecret {
  /** Its new value was put into the vault before the run. */
  isThere: boolean;
}

export interface ProveGivenInput extends GivenInput {
  /** Whether its maker is asked too, which costs a question; else only who holds it. */
  isAsked: boolean;
}

export interface BackupInput extends TaskInput {
  /** Which one; absent: the newest. */
  id?: string | undefined;
  /** Keys of before do not count: a proof that the key of today opens it. */
  newKeyOnly?: boolean | undefined;
}

export interface TaskResult {
  changes: ChangeView[];
  remote: Span[];
}

export interface BackupResult {
  backup: Backup;
  changes: ChangeView[];
  remote: Span[];
}

export interface DrillResult {
  checks: CheckResult[];
  changes: ChangeView[];
  remote: Span[];
}

export interface BackupsResult {
  backups: Backup[];
  drills?: DrillRecord[] | undefined;
  remote: Span[];
}

export interface AuditReadInput {
  server: Server;
  question: AuditQuestion;
}

export interface AuditSignInput {
  /** Whose vault has the key. */
  server: Server;
  sign?: AuditStatement | undefined;
}

export interface DecideResult {
  changes: ChangeView[];
  remote: Span[];
}

export interface SmokeInput {
  server: Server;
  /** Glob over ids: `smoke.*`, `redteam.dan`. */
  only?: string | undefined;
}

export interface TrialList {
  trials: Trial[];
  /** By LiteLLM's own count, until now; absent where it does not say. */
  spentUsd?: number | undefined;
}

export interface AttackInput {
  server: Server;
  trial: Trial;
}

export interface AttackResult {
  check: CheckResult;
  remote: Span[];
}

export interface Activities
  extends UpgradeActivities,
    UpkeepActivities,
    DiscoverActivities,
    DrDrillActivities,
    AlertActivities,
    WatchActivities,
    DiagnoseActivities,
    FailoverActivities,
    PartitionActivities,
    ControlActivities {
  /** Makes the secrets that only the servers themselves use, once; those that are there stay. */
  ensureSecrets(input: { server: Server }): Promise<{ created: string[] }>;
  /** Reads every fact of a checklist in one round trip and plans its steps. Changes nothing. */
  survey(input: SurveyInput): Promise<Survey>;
  /** Re-reads one step, plans, applies, re-reads: must then be converged. */
  converge(input: ConvergeInput): Promise<ConvergeResult>;
  /** Everything that can be known to be wrong before the first change, all at once; then marks the host as ours. */
  preflight(input: PreflightInput): Promise<{ remote: Span[] }>;
  /** Takes our mark off the host. */
  release(input: { server: Server; run: string }): Promise<void>;
  /** Opens a sealed answer, checks it, stores it in the vault. */
  storeSecret(input: StoreSecretInput): Promise<StoreSecretResult>;
  /** One look whether a manual step is done. */
  probe(input: ProbeInput): Promise<ProbeResult>;
  /** Returns when the world shows that a manual step is done; heartbeats what it sees meanwhile. */
  watch(input: ProbeInput): Promise<ProbeResult>;
  /** Skills and personas that nobody has read for this host yet, fetched and looked through. */
  reviewPins(input: ReviewPinsInput): Promise<PinReview[]>;
  /** Keeps on the host who has read what. */
  recordVetting(input: RecordVettingInput): Promise<void>;
  /** Verdicts that are no states: how the parts behave together, on the host and from outside. Changes nothing. */
  prove(input: ProveInput): Promise<Proof>;
  /** Who waits to be let in. Changes nothing. */
  pairing(input: { server: Server }): Promise<PairingResult>;
  /** Lets one in, or turns it away; marks the host as ours meanwhile. */
  decidePairing(input: DecideInput): Promise<DecideResult>;
  /** A new value in the vault beside the old one, which stays in use; once, however often it is asked. */
  beginRotation(input: KeptRotationInput): Promise<void>;
  /** One of the two values goes. */
  endRotation(input: KeptRotationInput & { keep: 'new' | 'old' }): Promise<void>;
  /** Asks with both; throws NOT_ROTATED unless the new one is taken and the old one refused. */
  proveRotation(input: RotationInput): Promise<{ changes: ChangeView[]; remote: Span[] }>;
  /** The list of ways out on the server, and what comes of each; throws DRIFT where more than the list differs. */
  lookAtEgress(input: { server: Server }): Promise<EgressLook>;
  /** Has a second Smokescreen start with the new list, beside the one in use. */
  tryEgress(input: TaskInput): Promise<{ changes: ChangeView[]; remote: Span[] }>;
  /** Asks every door again; throws EGRESS_BROKEN where one is not as the change meant it, or as it was. */
  proveEgress(input: ProveEgressInput): Promise<{ changes: ChangeView[]; remote: Span[] }>;
  /** Whether a new value of a secret of others' making waits in the vault. */
  findNew(input: GivenInput): Promise<NewSecret>;
  /** It takes the place of the one in use, which stays beside it; once, however often it is asked. */
  takeNew(input: GivenInput): Promise<void>;
  /** One of the two values goes. */
  endGiven(input: GivenInput & { keep: 'new' | 'old' }): Promise<void>;
  /** Throws NOT_ROTATED unless whoever uses it has the vault's value, and it is good. Costs one question to a model. */
  proveGiven(input: ProveGivenInput): Promise<TaskResult>;
  /** Which backups there are, oldest first. Changes nothing. */
  listBackups(input: { server: Server }): Promise<BackupsResult>;
  /** What the far end has, beside what the server keeps; throws OFFSITE_UNREACHABLE. Changes nothing. */
  listCopies(input: { server: Server }): Promise<BackupsResult & { offsite: OffsiteSeen }>;
  /** Everything that a new server would need, encrypted, on the host. */
  makeBackup(input: TaskInput): Promise<BackupResult>;
  /** Reads a backup to its end; throws BACKUP_INVALID where it cannot be restored. */
  checkBackup(input: BackupInput): Promise<BackupResult>;
  /** Brings a backup back from the far end; throws BACKUP_INVALID where the copy is not what its manifest says. */
  fetchBackup(input: BackupInput & { id: string }): Promise<BackupResult>;
  /** Puts a backup into its place on a server that has no state of its own; throws BACKUP_INVALID, or BACKUP_FAILED where it has one. */
  recoverState(input: BackupInput): Promise<TaskResult>;
  /** Encrypts a backup anew for the keys of today; nothing where the new one opens it already. */
  rewrapBackup(input: BackupInput): Promise<BackupResult>;
  /** Copies what is not at the far end yet. A far end that fails is a check that does not hold: what is here is as it was. */
  copyOffsite(input: TaskInput & { all: boolean }): Promise<DrillResult & BackupsResult>;
  /** Restores a backup beside the running stack, boots it without a network, and asks it. */
  drillBackup(input: BackupInput): Promise<DrillResult>;
  /** A page of the host's own record of what was done to it. Changes nothing. */
  readAudit(input: AuditReadInput): Promise<{ page: AuditPage; remote: Span[] }>;
  /** The key that signs audit exports: its public half, and a signature where there is something to sign. */
  signAudit(input: AuditSignInput): Promise<AuditSigned>;
  /** One small question to each model and one turn of the agent. Costs money. */
  smoke(input: SmokeInput): Promise<Proof>;
  /** Which attacks will be tried. */
  attacks(input: SmokeInput): Promise<TrialList>;
  /** One attack on the agent, judged. Costs money. */
  attack(input: AttackInput): Promise<AttackResult>;
  /** What LiteLLM says was spent since, in words. */
  spent(input: { server: Server; since?: number | undefined }): Promise<string>;
  /** The host part of `doctor`: each check with its remedy. */
  examine(input: { server: Server }): Promise<StepState[]>;
}
