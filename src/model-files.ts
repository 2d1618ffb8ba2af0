// The vocabulary of files that clincher writes on a host. Types only.
import type { SecretFormat } from './model.js';

/** A file of ours on a host, as a change writes it. */
export interface HostFile {
  path: string;
  /** Secrets stand as tokens (stack/tokens.ts). */
  content: string;
  /** Octal, as `chmod` takes it: `0644`. */
  mode: string;
  owner: string;
  group: string;
  format?: SecretFormat | undefined;
}
