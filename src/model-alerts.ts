// The vocabulary of alerts: whom clincher tells when nobody is looking. Types only.
import type { SecretRef } from './model.js';

/** One way to somebody. `type` says which of the others count. */
export interface AlertChannel {
  type: 'ntfy' | 'telegram' | 'email' | 'webhook';
  /** ntfy: its topic; Telegram: another server of its Bot API. */
  url?: string | undefined;
  /** Telegram: the chat's id, or @name. */
  chat?: string | undefined;
  host?: string | undefined;
  port: number;
  user?: string | undefined;
  from?: string | undefined;
  to: string[];
  /** ntfy: access token; Telegram: the bot's token; e-mail: the password; webhook: the whole address. */
  secret?: SecretRef | undefined;
}

export interface AlertSettings {
  /** In this order: the first one that takes an alert has it. */
  channels: AlertChannel[];
  /** How long a gate waits until somebody is told; from then on once a day. */
  gate_minutes: number;
}

export interface Notice {
  server: string;
  level: 'info' | 'warning' | 'critical';
  /** One line. */
  title: string;
  /** What happened, and what to type next; a line each. */
  lines: string[];
}

/** What became of a notice. */
export interface Told {
  /** The channel that took it, in words; absent: there is none, or none did. */
  by?: string | undefined;
  missed: { channel: string; why: string }[];
}
