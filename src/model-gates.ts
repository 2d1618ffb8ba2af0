// The vocabulary of gates: what a run asks of a person, and what they may answer. Types only.
import type { Diff, SecretRef } from './model.js';

export type GateKind = 'confirm' | 'secret' | 'choice' | 'failed' | 'done';

/** What became of a gate. */
export interface GateAnswered {
  id: string;
  kind: GateKind;
  title: string;
  openedAt: string;
  answeredAt: string;
  /** `user@machine`, `signal`, `the world` (it showed the answer), or `timeout`. */
  who: string;
  /** Absent where it was a secret. */
  value?: string | undefined;
}

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
  /** What the question is about, as it was and as it would be. */
  diff?: Diff | undefined;
}
