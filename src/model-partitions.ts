// The vocabulary of partitions: further gateways on one server, each with a bot of its own. Types only.
import type { SecretRef } from './model.js';
import type { ChannelSettings, ServiceLimit } from './model-stack.js';

/** What a partition says for itself; everything else is as its server has it. */
export interface PartitionSettings {
  channels: ChannelSettings;
  /** Its own network for a way in, as the server's `stack.proxy_subnet` is. */
  proxy_subnet: string;
  /** More rules for its own SOUL.md, after those of the server. */
  rules: string[];
  /** What differs from the server's limits, by service. */
  limits: Partial<Record<string, ServiceLimit>>;
}

/** A Telegram bot that clincher.yaml gives to somebody; `resolveServer` fills in those of others. */
export interface Bot {
  /** `prod`, or `prod/team`. */
  holder: string;
  token: SecretRef;
}

/** Of a run that adds or removes a partition: which, and how that ended. */
export interface PartitionState {
  name: string;
  act: 'add' | 'remove';
  /** `begun`: nothing is decided yet; `undone`: as before; `stuck`: what was begun could not be undone. */
  outcome: 'begun' | 'done' | 'undone' | 'stuck';
  /** Nobody had asked for it before. */
  isNew?: boolean | undefined;
  /** Of one that is removed: what stood in clincher.yaml, for whoever has to put it back. */
  written?: Readonly<Record<string, unknown>> | undefined;
}
