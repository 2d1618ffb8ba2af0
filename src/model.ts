// The vocabulary: what a server, a command, a fact, a step and a run are. Types only; imports nothing but types.
import type { AlertSettings } from './model-alerts.js';
import type { AuditSeen } from './model-audit.js';
import type { Backup, BackupSettings, DrillRecord, OffsiteSeen } from './model-backup.js';
import type { Proof } from './model-checks.js';
import type { ControlHost } from './model-control.js';
import type { ConvenienceSettings } from './model-convenience.js';
import type { Cause } from './model-diagnosis.js';
import type { Discovered } from './model-discovery.js';
import type { FailoverSettings, Phase } from './model-failover.js';
import type { HostFile, SecretFormat } from './model-files.js';
import type { FleetState } from './model-fleet.js';
import type { Gate, GateAnswered } from './model-gates.js';
import type { DockerSettings, FirewallSettings, SshSettings, SystemSettings } from './model-host.js';
import type { MemorySettings } from './model-memory.js';
import type { MonitoringSettings, Watched } from './model-monitoring.js';
import type { PairingNow } from './model-pairing.js';
import type { Bot, PartitionSettings, PartitionState } from './model-partitions.js';
import type { KindedPin, Library } from './model-pins.js';
import type { RedteamSettings } from './model-redteam.js';
import type { GroupState, RunError } from './model-runs.js';
import type { ScheduleSettings } from './model-schedules.js';
import type {
  ChannelSettings,
  ImageName,
  Machine,
  ModelsSettings,
  OpenclawSettings,
  ProviderSettings,
  ProxySettings,
  StackSettings,
} from './model-stack.js';
import type { Survey } from './model-surveys.js';
import type { UpgradeSettings, UpgradeState } from './model-upgrade.js';
import type { WatchdogSettings } from './model-watch.js';

export type * from './model-alerts.js';
export type * from './model-audit.js';
export type * from './model-backup.js';
export type * from './model-checks.js';
export type * from './model-control.js';
export type * from './model-convenience.js';
export type * from './model-diagnosis.js';
export type * from './model-discovery.js';
export type * from './model-drift.js';
export type * from './model-failover.js';
export type * from './model-files.js';
export type * from './model-fleet.js';
export type * from './model-gates.js';
export type * from './model-host.js';
export type * from './model-memory.js';
export type * from './model-monitoring.js';
export type * from './model-pairing.js';
export type * from './model-partitions.js';
export type * from './model-pins.js';
export type * from './model-reboot.js';
export type * from './model-redteam.js';
export type * from './model-rotation.js';
export type * from './model-runs.js';
export type * from './model-schedules.js';
export type * from './model-stack.js';
export type * from './model-surveys.js';
export type * from './model-traces.js';
export type * from './model-turns.js';
export type * from './model-upgrade.js';
export type * from './model-watch.js';

// ── Servers (the shape that config/schema.ts validates; keys are those of clincher.yaml) ─────────────

/** `secret://<server>/<name>`, `env:NAME`, `file:/path` or `exec:command line`. Never a value. */
export type SecretRef = string;

export type Role = 'primary' | 'standby' | 'monitor';

export interface Server {
  name: string;
  /** Absolute path of the vault that `secret://` references are looked up in; `resolveServer` fills it in. */
  vault: string;
  /** `sha256:…` of each image's manifest, from the lock file beside clincher.yaml; `resolveServer` fills it in. */
  digests: Partial<Record<ImageName, string>>;
  /** Contents of skills and personas; the worker fills it in before a step plans, and it travels nowhere. */
  library?: Library | undefined;
  /** Public halves of keys in the vault, by reference; filled in as the library is. */
  publicKeys?: Readonly<Record<SecretRef, string>> | undefined;
  role: Role;
  /** Of a standby: the primary whose place it takes. It is as that one is, in all but its address. */
  standby_for?: string | undefined;
  address: string;
  ssh: SshSettings;
  system: SystemSettings;
  docker: DockerSettings;
  firewall: FirewallSettings;
  tailscale: {
    enabled: boolean;
    /** `tailscale`: its signed APT repository; `present`: the tailscaled that is there. */
    source: 'tailscale' | 'present';
    ssh_only: boolean;
    login_server?: string | undefined;
  };
  channels: ChannelSettings;
  stack: StackSettings;
  /** Model providers that are used, by their name in the provider table (`anthropic`, `openai`, …). */
  providers: Record<string, ProviderSettings>;
  models: ModelsSettings;
  openclaw: OpenclawSettings;
  memory: MemorySettings;
  proxy: ProxySettings;
  backup: BackupSettings;
  upgrade: UpgradeSettings;
  schedules: ScheduleSettings;
  redteam: RedteamSettings;
  /** Not there in runs that were started before there was such a thing: see `channelsOf`. */
  alerts: AlertSettings;
  watchdog: WatchdogSettings;
  /** As `alerts`: not there in older runs. */
  failover: FailoverSettings;
  /** Neither is there in older runs: see `isWatched`. `watched`: whom a monitor watches; `resolveServer` fills it in. */
  monitoring: MonitoringSettings;
  watched?: Watched[] | undefined;
  /** Not there in older runs: see stack/convenience.ts. */
  convenience: ConvenienceSettings;
  /** Further gateways on it, by name. Of a view of one of them there are none: see `partitionOf`. */
  partitions?: Record<string, PartitionSettings> | undefined;
  /** What its host has, where `stack.tier` is `auto`: a run reads it before it plans. */
  machine?: Machine | undefined;
  /** Bots of everybody else in clincher.yaml; `resolveServer` fills it in. */
  bots?: Bot[] | undefined;
  /** On a monitor: what a control plane on it would be made of; `resolveServer` fills it in. */
  control?: ControlHost | undefined;
  /** Texts that are shipped beside the code, by name; the worker fills them in as it does the library. */
  shipped?: Readonly<Record<string, string>> | undefined;
}

// ── Commands ────────────────────────────────────────────────────────────────────────────────────────

/** A shell operator between words (`|`, `&&`, `>`); only commands/shell.ts makes them. */
export interface Operator {
  readonly operator: string;
}

/** Words to run on a host. Strings are quoted once, in activities/host.ts; operators are not. */
export type Command = readonly (string | Operator)[];

/** One thing to do on the host: a command, and what it reads from stdin (a file's content, say). */
export interface Action {
  command: Command;
  stdin?: string | undefined;
  /** `stdin` holds tokens `«secret://…»`; values take their place on the way to the host, written as this format wants. */
  fill?: SecretFormat | undefined;
}

// ── Facts, steps, changes ───────────────────────────────────────────────────────────────────────────

export interface Reading {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** Something read from the host. `absent` is its value when the tool itself is missing (exit 127). */
export interface Fact<T> {
  read: Command;
  /** Throws when the answer makes no sense: the fact is then unknown, neither pass nor fail. */
  parse(reading: Reading): T;
  absent?: T | undefined;
  /** What a server that nobody touched says, where its saying nothing would make no sense: for plans without a server. */
  bare?(os: HostContext['os']): string;
}

// biome-ignore lint/suspicious/noExplicitAny: a table of facts holds facts of every type
export type Facts = Record<string, Fact<any>>;
export type FactValues<F extends Facts> = { [K in keyof F]: F[K] extends Fact<infer T> ? T : never };

export interface Diff {
  /** The file or setting that differs. */
  path: string;
  before: string;
  after: string;
}

/** One planned difference. `run` makes it so. */
export interface Change {
  what: string;
  diff?: Diff | undefined;
  /** The whole file that it leaves, where it writes one whose content does not depend on the host: `render` collects them. */
  file?: HostFile | undefined;
  run: readonly Action[];
  /** It would replace what somebody wrote by hand: never without being told to. */
  overwrites?: boolean | undefined;
}

/** A change as people and histories see it: without the words that make it. */
export interface ChangeView {
  what: string;
  diff?: Diff | undefined;
}

/** What brings back the way in when a guarded change has cut us off. */
export interface Guard {
  /** Files and folders that are put back as they were (absent before: removed again). */
  restore(want: Server): readonly string[];
  /** Then run, in order; each tolerates having nothing to do. */
  reload: readonly Command[];
  /** The login that must work for the change to stay; absent: `ssh.user` on `ssh.port` at the server's address. */
  prove?(want: Server, host: HostContext): { address: string; port: number; user: string };
}

export interface Step<F extends Facts = Facts> {
  /** `area.property`, e.g. `harden.firewall`. */
  id: string;
  title: string;
  /** One or two sentences for the operator: what goes wrong without it. */
  why: string;
  /** Where it comes from: guide step, CIS item, man page. */
  source: string;
  /** Present: the change could cut us off, so it reverts by itself unless a new login is proved. */
  guard?: Guard | undefined;
  /** Steps that must be done before this one; absent: the one above it in the checklist. `[]` starts at once. */
  after?: readonly string[] | undefined;
  /** Longest time its commands may take together; absent: 10 minutes. */
  timeoutMs?: number | undefined;
  /** False: the configuration does not ask for this step. Absent: always wanted. */
  wanted?(want: Server): boolean;
  /** Secrets that its files hold: hashes that the host prints in their place are turned back into these references. */
  secrets?(want: Server): readonly SecretRef[];
  /** Keys in the vault whose public halves its files hold: they are filled into `want.publicKeys` before it plans. */
  publicKeys?(want: Server): readonly SecretRef[];
  /** Contents that its files are made of: fetched into `want.library` before it plans. */
  pins?(want: Server): readonly KindedPin[];
  /** Texts beside the code that its files are: filled into `want.shipped` before it plans. */
  ships?: readonly string[] | undefined;
  /** What to read; all facts of a checklist are read in one round trip. */
  facts(want: Server): F;
  /** Pure. Empty means converged. */
  plan(facts: FactValues<F>, want: Server, host: HostContext): Change[];
  /** What an operator should know although it is as wanted (a sysctl that this kernel has not, say). */
  notes?(facts: FactValues<F>, want: Server, host: HostContext): string[];
}

/** A step over facts of any type, as checklists hold them. */
// biome-ignore lint/suspicious/noExplicitAny: the facts of a step are its own affair
export type AnyStep = Step<any>;

/** What every step may lean on: read in the same round trip as its facts. */
export interface HostContext {
  /** As in /etc/os-release: `debian`, `13`, `trixie`. */
  os: { id: string; version: string; codename: string };
  /** Debian's name of the architecture: `amd64`, `arm64`. */
  arch: string;
  /** The way in that this connection used. */
  via: { user: string; port: number };
}

/** How the world shows that a manual step is done. `note` is for the gate meanwhile (a login URL). Pure. */
export interface Probe {
  read(server: Server): Command;
  seen(stdout: string, server: Server): { done: boolean; note?: string };
}

// ── Runs ────────────────────────────────────────────────────────────────────────────────────────────

/** Ansible's recap words, unaltered. */
export type Outcome = 'ok' | 'changed' | 'skipped' | 'failed' | 'unreachable';
export type Counts = Record<Outcome, number>;

export type StepStatus = Outcome | 'pending' | 'running' | 'waiting' | 'unknown';

export type RunStatus = 'running' | 'waiting' | 'done' | 'failed' | 'aborted';

/** The one state object: what the `progress` query answers and every renderer shows. */
export interface RunState {
  run: string;
  server: string;
  runbook: string;
  address: string;
  startedAt: string;
  endedAt?: string | undefined;
  status: RunStatus;
  groups: GroupState[];
  gates: Gate[];
  /** Those that are closed, in that order; absent in runs of before it was kept. */
  answered?: GateAnswered[] | undefined;
  outcome: Counts;
  /** Set when the run ended badly. */
  error?: RunError | undefined;
  /** Public key (age recipient) to which secret answers are sealed. */
  sealTo?: string | undefined;
  /** OS and route as first seen. */
  host?: HostContext | undefined;
  /** Who started it (`user@machine`). */
  who: string;
  /** Time during which a remote command ran, milliseconds; steps that overlap count once. */
  remoteMs: number;
  /** What read-only runbooks found (`plan`, `verify`). */
  surveys: Survey[];
  /** What `verify` proved besides. */
  proof?: Proof | undefined;
  /** What an audit export asked for. */
  audit?: AuditSeen | undefined;
  /** Who waited to be let in when the run looked. */
  pairing?: PairingNow | undefined;
  /** What a host that was set up by hand has. */
  discovered?: Discovered | undefined;
  /** The one that was made or verified, or all that there are. */
  backups?: Backup[] | undefined;
  /** The drills that the server remembers, oldest first. */
  drills?: DrillRecord[] | undefined;
  /** What the far end of the backups has. */
  offsite?: OffsiteSeen | undefined;
  /** Which image gave way to which, and how it ended. */
  upgrade?: UpgradeState | undefined;
  /** Which partition was added or removed, and how it ended. */
  partition?: PartitionState | undefined;
  /** Of a failover: how long each part took. */
  phases?: Phase[] | undefined;
  /** Of a failover: whether the server is where clincher.yaml says since then; `back`: the old one goes on. */
  moved?: 'begun' | 'kept' | 'back' | undefined;
  /** Of a diagnosis: what was found at the last look, likeliest first. */
  causes?: Cause[] | undefined;
  /** Of rotate-ssh: the key that the configuration has to name from now on. */
  sshKey?: 'old' | 'new' | undefined;
  /** Of a run over several servers: what became of each. */
  fleet?: FleetState | undefined;
}
