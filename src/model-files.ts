// The vocabulary of files that clincher writes on a host. Types only.

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

/** How a secret value is written into a file: as a value of an environment or INI file, inside a JSON string, or as the whole file. */
export type SecretFormat = 'env' | 'ini' | 'json' | 'raw';
