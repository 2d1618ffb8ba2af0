// The vocabulary of rotation: secrets that others have made, and who on a server holds them. Types only.
import type { SecretRef } from './model.js';

/** A secret of others' making that is to be replaced. */
export interface GivenSecret {
  /** In the vault: `secret://prod/anthropic_api_key`. */
  ref: SecretRef;
  /** Whoever holds it is reached from outside, so the gateway is proved before it is started. */
  isExposing: boolean;
}

/** Who says whether a value is good: its maker by a model or a channel, or nobody whom we could ask. */
export type Judge =
  | { by: 'model'; provider: string }
  | { by: 'channel'; channel: 'telegram' | 'discord' | 'slack' | 'webhook' }
  | { by: 'nobody' };

/** One place of the running stack that a secret stands in. */
export interface HeldSecret {
  /** Below the server in clincher.yaml: `providers.anthropic.key`. */
  path: string;
  ref: SecretRef;
  container: string;
  /** Of its environment; or else a field of the gateway's file of secrets. */
  variable?: string | undefined;
  field?: string | undefined;
  judge: Judge;
  isExposing?: true;
}

/** A key that logs in: its public line, and the file of its private half; without one, the agent has it. */
export interface LoginKey {
  line: string;
  identity_file?: string | undefined;
}

/** One key of a server gives way to another; `lines` are all that log in before, in their order. */
export interface KeySwap {
  from: LoginKey;
  to: LoginKey;
  lines: string[];
}
