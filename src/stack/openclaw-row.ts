// A row of the table of OpenClaw's settings: the guide's name of it, its real key by version, its value for a server.
import type { Server } from '../model.js';
import type { Generation, Version } from './openclaw-version.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Row {
  /** As the guide writes it; absent: OpenClaw's own hardened baseline, or what makes the guide's meaning come true. */
  guide?: string | undefined;
  /** Dotted key; by generation where it was renamed. Null: that generation has none. */
  key: string | { readonly [G in Generation]: string | null };
  /** Undefined: this server's configuration does not ask for it. */
  value(want: Server, version: Version): Json | undefined;
  /** Without it the deployment is not what it claims to be: a version that has no such key stops the run. */
  critical: boolean;
  /** Why a generation has none, and what stands in for it. */
  lacking?: string | undefined;
}

type Value = Json | ((want: Server, version: Version) => Json | undefined);

const asFunction = (value: Value): Row['value'] => (typeof value === 'function' ? value : () => value);

interface Naming {
  guide?: string;
  lacking?: string;
}

/** A setting that the deployment's security rests on. */
export const critical = (key: Row['key'], value: Value, naming: Naming = {}): Row => ({
  key,
  value: asFunction(value),
  critical: true,
  ...naming,
});

/** One that is good to have. */
export const plain = (key: Row['key'], value: Value, naming: Naming = {}): Row => ({
  ...critical(key, value, naming),
  critical: false,
});

/** A setting of the guide that no version has. */
export const missing = (guide: string, lacking: string): Row => ({
  guide,
  key: { '2026.3': null, '2026.6': null, '2026.8': null },
  value: () => null,
  critical: false,
  lacking,
});

/** The same key from 2026.6 on. */
export const since6 = (key: string, before: string | null = null): Row['key'] => ({
  '2026.3': before,
  '2026.6': key,
  '2026.8': key,
});

/** Another key since 2026.8. */
export const since8 = (key: string | null, before: string | null): Row['key'] => ({
  '2026.3': before,
  '2026.6': before,
  '2026.8': key,
});

/** Where the gateway finds its secrets: one private file, mounted read-only. */
export const SECRETS_FILE = '/home/node/.config/clincher/secrets.json';

export const SECRETS_PROVIDER = 'clincher';

/** A reference that OpenClaw itself resolves: the value stands in its secrets file alone. */
export const fileSecret = (name: string): Json => ({
  source: 'file',
  provider: SECRETS_PROVIDER,
  id: `/${name}`,
});
