// The vocabulary: what a server, a command, a fact, a step and a run are. Types only; imports nothing.

// ── Servers (the shape that config/schema.ts validates; keys are those of clincher.yaml) ─────────────

/** `secret://<server>/<name>`, `env:NAME`, `file:/path` or `exec:command line`. Never a value. */
export type SecretRef = string;

export type Role = 'primary' | 'standby' | 'monitor';

export interface SshEndpoint {
  address: string;
  port: number;
  user: string;
  /** Accepted host keys as OpenSSH fingerprints, `SHA256:…`. Empty: nothing is accepted. */
  host_keys: string[];
}

export interface SshSettings {
  /** The way in after hardening (guide Step 1: deploy on 9922). */
  user: string;
  port: number;
  host_keys: string[];
  /** How a server that nobody touched is reached: root or the cloud image's user, on 22. */
  first_contact: { user: string; port: number };
  /** Private key file of the operator; absent: the SSH agent alone. */
  identity_file?: string | undefined;
  identity_passphrase?: SecretRef | undefined;
  agent: boolean;
  /** Password for sudo where it is not NOPASSWD yet; travels by stdin. */
  sudo_password?: SecretRef | undefined;
  /** Public keys that may log in as `user`. */
  authorized_keys: string[];
  /** Addresses or CIDRs that may reach the SSH port. */
  admin_addresses: string[];
  jump?: SshEndpoint | undefined;
}

export interface DockerSettings {
  /** `docker`: Docker's signed APT repository; `distribution`: Debian's or Ubuntu's own packages; `present`: whatever is there. */
  source: 'docker' | 'distribution' | 'present';
  /** Where Docker's APT repository is. Configurable for mirrors. */
  apt_repository: string;
  dns: string[];
  log_max_size: string;
  log_max_file: string;
  nofile: number;
}

export interface SystemSettings {
  sysctl: Record<string, string>;
  ipv6: boolean;
  time_sync: boolean;
  unattended_upgrades: { enabled: boolean; reboot: boolean; reboot_time: string };
}

export interface FirewallSettings {
  enabled: boolean;
  /** Who may reach the web ports: `cloudflare` (the pinned ranges), `any`, `none`, or CIDRs. */
  web_sources: 'cloudflare' | 'any' | 'none' | string[];
  web_ports: number[];
  fail2ban: { enabled: boolean; max_retry: number; ban_seconds: number; find_seconds: number };
}

export interface Server {
  name: string;
  /** Absolute path of the vault that `secret://` references are looked up in; `resolveServer` fills it in. */
  vault: string;
  /** `sha256:…` of each image's manifest, from the lock file beside clincher.yaml; `resolveServer` fills it in. */
  digests: Partial<Record<ImageName, string>>;
  role: Role;
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
  memory: { enabled: boolean; provider: string; model: string };
  proxy: ProxySettings;
}

// ── The stack ───────────────────────────────────────────────────────────────────────────────────────

export interface ImageSettings {
  repository: string;
  /** Tag; `@sha256:…` may follow. */
  version: string;
}

export type ImageName =
  | 'openclaw'
  | 'litellm'
  | 'redis'
  | 'docker-socket-proxy'
  | 'egress'
  | 'caddy'
  | 'cloudflared'
  | 'sandbox';

export interface ServiceLimit {
  cpus: number;
  /** As Docker writes sizes: `512m`, `16g`. */
  memory: string;
}

/** Guide Step 14's tiers, by the memory of the server. */
export type Tier = 'starter' | 'growth' | 'production';

export interface StackSettings {
  /** False: a hardened Docker host and no more. */
  enabled: boolean;
  /** Folder of the stack on the server. */
  directory: string;
  images: Record<ImageName, ImageSettings>;
  tier: Tier;
  /** What differs from the tier, by service. */
  limits: Partial<Record<string, ServiceLimit>>;
  /** Time zone of the containers. */
  timezone: string;
  /** Network between the proxy and the gateway, as IPv4 CIDR: fixed, so that exactly one proxy's address is trusted. */
  proxy_subnet: string;
  /** Semantic needs RediSearch in the Redis image and an embedding model. */
  cache: { mode: 'semantic' | 'exact' | 'off'; ttl_seconds: number; similarity: number };
  egress: {
    /** `build`: Smokescreen from its pinned commit, on the server; `image`: `images.egress` by digest. */
    source: 'build' | 'image';
    /** Git commit of Smokescreen that is built. */
    commit: string;
    /** Doors beyond those that providers and channels need. Each is a way out for data, so each has its reason. */
    extra_domains: { domain: string; reason: string }[];
    /** Private networks that may be reached all the same (a model server of your own), as CIDR. */
    allow_ranges: string[];
  };
}

export interface ProviderSettings {
  /** Absent where the provider needs none (a model server of your own). */
  key?: SecretRef | undefined;
  /** The second half of a two-part key (Baidu Qianfan). */
  secret_key?: SecretRef | undefined;
  /** For Azure, vLLM and other servers of your own. */
  api_base?: string | undefined;
}

export interface Model {
  /** What OpenClaw calls it: `anthropic/claude-opus-4-6`. */
  name: string;
  /** A key of `providers`. */
  provider: string;
  /** The provider's own name of it. */
  id: string;
  /** US dollars a budget period; LiteLLM refuses calls beyond it. */
  budget_usd: number;
  requests_per_minute: number;
  context_window: number;
  /** Tokens of one answer. */
  max_tokens: number;
  /** Names of models that take over when this one fails, in order. */
  fallbacks: string[];
}

export interface ModelsSettings {
  /** Name of the model that answers people. */
  default: string;
  /** Name of the cheap model for heartbeats. */
  heartbeat: string;
  /** Such as `30d`. */
  budget_period: string;
  list: Model[];
}

export interface ChannelSettings {
  telegram: { enabled: boolean; token: SecretRef };
  discord: { enabled: boolean; token: SecretRef; guild?: string | undefined };
  slack: { enabled: boolean; bot_token: SecretRef; app_token: SecretRef; signing_secret: SecretRef };
  webhook: { enabled: boolean; token: SecretRef };
}

export interface OpenclawSettings {
  /** Browser origins of the Control UI; empty: the proxy's own domain. */
  origins: string[];
  /** `off`: no tool that needs one is allowed, and the gateway has no way to Docker; `docker`: behind the filtering proxy. */
  sandbox: 'off' | 'docker';
  /** Tools to deny beyond the baseline. */
  denied_tools: string[];
  /** Findings of `openclaw security audit` that are known and meant. */
  accepted_findings: { check: string; reason: string }[];
  /** More rules for SOUL.md, a line each. */
  rules: string[];
  /** Environment of the gateway, beyond ours; a secret reference is resolved. */
  extra_env: Record<string, string>;
  heartbeat_minutes: number;
}

export interface ProxySettings {
  kind: 'none' | 'caddy' | 'tunnel' | 'tailscale';
  /** Public name of the gateway, for Caddy and tunnel. */
  domain?: string | undefined;
  /** `acme`: a public certificate; `internal`: Caddy's own authority. */
  tls: 'acme' | 'internal';
  /** Where the certificate authority writes to. */
  email?: string | undefined;
  tunnel_token: SecretRef;
  oidc: {
    enabled: boolean;
    issuer?: string | undefined;
    client_id?: string | undefined;
    client_secret: SecretRef;
    /** Only accounts of these domains. */
    allowed_domains: string[];
  };
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

/** How a secret value is written into a file: as a value of an environment file, or inside a JSON string. */
export type SecretFormat = 'env' | 'json';

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
  read: Command;
  seen(stdout: string, server: Server): { done: boolean; note?: string };
}

/** From and to, milliseconds since 1970 by the worker's clock. */
export type Span = [number, number];

/** What a survey says of one step. `drift` and `unknown` need work or a look. */
export interface StepPlan {
  id: string;
  title: string;
  why: string;
  status: 'ok' | 'drift' | 'unknown' | 'skipped';
  changes: ChangeView[];
  notes: string[];
  /** Tools that are not installed yet, so that facts about them were assumed. */
  assumed: string[];
  guarded: boolean;
  after: string[];
  /** Why it is unknown or skipped. */
  reason?: string | undefined;
}

/** One checklist, read in one round trip. */
export interface Survey {
  checklist: string;
  steps: StepPlan[];
  host: HostContext;
  /** Time spent waiting for the host, milliseconds. */
  remoteMs: number;
  /** When that was. */
  remote: Span[];
  /** Round trips that it took on a warm connection. */
  roundTrips: number;
  /** The worker's public key, to which secret answers are sealed. */
  sealTo: string;
  /** Secrets that the configuration refers to and that have no value yet. */
  missingSecrets: SecretRef[];
}

// ── Checks: verdicts that are no states ─────────────────────────────────────────────────────────────

/** Unknown is neither: what could not be asked has proved nothing. */
export type CheckVerdict = 'pass' | 'fail' | 'unknown';

export interface Judgement {
  verdict: CheckVerdict;
  /** What was seen, a line each; never a secret. */
  evidence: string[];
  /** What to type next. */
  remedy: string[];
}

/** Where a check's facts are read: on the host, from another machine, or in the vault beside the configuration. */
export type Vantage = 'host' | 'outside' | 'vault';

/** Something that must be so although no step makes it so: how the parts behave together, seen from where it matters. */
export interface Check<F extends Facts = Facts> {
  /** `verify.*` must hold before anything is exposed, `exposed.*` once it is. */
  id: string;
  title: string;
  /** One or two sentences for the operator: what goes wrong without it. */
  why: string;
  source: string;
  vantage: Vantage;
  /** False: the configuration does not ask for it. Absent: always wanted. */
  wanted?(server: Server): boolean;
  facts(server: Server): F;
  /** Pure. What it throws makes the verdict unknown. */
  judge(facts: FactValues<F>, server: Server, host: HostContext): Judgement;
}

/** A check over facts of any type, as the table of contents holds them. */
// biome-ignore lint/suspicious/noExplicitAny: the facts of a check are its own affair
export type AnyCheck = Check<any>;

export interface CheckResult {
  id: string;
  title: string;
  why: string;
  source: string;
  vantage: Vantage;
  verdict: CheckVerdict | 'skipped';
  evidence: string[];
  remedy: string[];
}

/** What the checks found, read in one round trip on the host and one from outside. */
export interface Proof {
  checks: CheckResult[];
  /** From where was looked in: the name of a server, or the machine of the worker. */
  outside: string;
  remoteMs: number;
  remote: Span[];
  roundTrips: number;
}

// ── Runs ────────────────────────────────────────────────────────────────────────────────────────────

/** Ansible's recap words, unaltered. */
export type Outcome = 'ok' | 'changed' | 'skipped' | 'failed' | 'unreachable';
export type Counts = Record<Outcome, number>;

export type StepStatus = Outcome | 'pending' | 'running' | 'waiting' | 'unknown';

export interface RunError {
  code: string;
  message: string;
  /** Last lines of what the host said, at most 8. */
  evidence?: string[] | undefined;
  remedy?: string[] | undefined;
}

export interface StepState {
  id: string;
  title: string;
  status: StepStatus;
  startedAt?: string | undefined;
  durationMs?: number | undefined;
  changes: ChangeView[];
  notes: string[];
  error?: RunError | undefined;
}

export type GateKind = 'confirm' | 'secret' | 'choice' | 'failed' | 'done';

export interface Gate {
  /** Unique among the open gates of a run: `telegram-token`, `failed:harden.sshd`. */
  id: string;
  kind: GateKind;
  title: string;
  instructions: string[];
  links: string[];
  /** For `choice` and `failed`: what may be answered. */
  options: string[];
  /** For `secret`: where the value goes. */
  ref?: SecretRef | undefined;
  /** For `secret`: a named shape that the answer must have, checked before it is accepted. */
  shape?: string | undefined;
  openedAt: string;
  /** When nobody answers: at this time, `onTimeout` happens. */
  deadline?: string | undefined;
  onTimeout?: string | undefined;
  /** Why the last answer was not taken, or what a probe saw last. */
  note?: string | undefined;
}

export interface GroupState {
  name: string;
  steps: StepState[];
}

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
}

// ── What a run is started with ──────────────────────────────────────────────────────────────────────

export interface RunInput {
  /** Frozen at the start: editing clincher.yaml cannot change a run in flight. */
  server: Server;
  who: string;
  /** Glob over step ids: only these. */
  only?: string | undefined;
  /** Step id: skip what comes before it. */
  from?: string | undefined;
  /** What a failed step does: ask at a gate, skip it, or end the run. */
  onFailure: 'ask' | 'skip' | 'abort';
  /** Reason for taking over a host that another control plane marked. */
  takeOver?: string | undefined;
  /** Files that were edited by hand since clincher wrote them are replaced without asking. */
  replaceEdited?: boolean | undefined;
}
