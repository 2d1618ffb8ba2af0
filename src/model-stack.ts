// The vocabulary of the stack: what of a server is OpenClaw, its models, its ways in and out. Types only.
import type { SecretRef } from './model.js';
import type { Pin } from './model-pins.js';

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
  | 'filebrowser'
  | 'sandbox'
  | 'prometheus'
  | 'alertmanager'
  | 'grafana'
  | 'uptime-kuma'
  | 'blackbox-exporter'
  | 'node-exporter'
  | 'redis-exporter'
  | 'postgres'
  | 'temporal-server'
  | 'temporal-admin-tools'
  | 'temporal-ui';

export interface ServiceLimit {
  cpus: number;
  /** As Docker writes sizes: `512m`, `16g`. */
  memory: string;
}

/** Guide Step 14's tiers, by the memory of the server; `auto`: out of what the very server has. */
export type Tier = 'starter' | 'growth' | 'production' | 'auto';

/** What a host has. */
export interface Machine {
  /** Bytes. */
  memory: number;
  /** Those that programs may run on. */
  cpus: number;
}

/** A way out that nobody of ours needs, and a person wants. */
export interface ExtraDomain {
  domain: string;
  reason: string;
  /** Who answers for it. */
  owner?: string | undefined;
  /** A day, of which the whole is meant, or a moment, in UTC: afterwards it is shut. */
  expires?: string | undefined;
}

export interface StackSettings {
  /** False: a hardened Docker host and no more. */
  enabled: boolean;
  /** Folder of the stack on the server. */
  directory: string;
  /** Name of the partition that this is a view of; absent: the server's own. */
  partition?: string | undefined;
  /** Of such a view: the networks of the other gateways on its host. */
  neighbours?: string[] | undefined;
  /** Of such a view: what the sandbox of its server takes of the host. */
  sandbox_bytes?: number | undefined;
  /** True: the server's partitions are none of this work's business. */
  is_alone?: boolean | undefined;
  /** True: restored there to be tried, and not the one that runs. */
  is_trial?: boolean | undefined;
  /** Seconds that the services may take to start; absent: what is allowed to each. An upgrade has seen how long it takes. */
  start_within_seconds?: number | undefined;
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
    extra_domains: ExtraDomain[];
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
  telegram: {
    enabled: boolean;
    token: SecretRef;
    /** Origin of a Bot API server of one's own; absent: Telegram's. */
    api_root?: string | undefined;
  };
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
  /** Texts of others that reach the model, each one commit, each read by a person. */
  skills: Pin[];
  personas: Pin[];
  /** OpenClaw’s own skills that are let in, by name. */
  bundled_skills: string[];
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
