// A Temporal that somebody else runs: TEMPORAL_* variables and TOML profiles, read as the temporal CLI reads them.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { ClincherError } from '../errors.js';

export interface Profile {
  address: string;
  namespace: string;
  /** Address, TLS and API key, for the client's and the worker's connection alike. */
  connectionOptions: ClientConnectConfig['connectionOptions'];
  /** Where it came from, for people. */
  source: string;
}

type Env = NodeJS.ProcessEnv;

/** Undefined: nothing is configured, so the embedded server is meant. Loads the parser only when it must. */
export async function configuredProfile(env: Env = process.env): Promise<Profile | undefined> {
  const source = profileSource(env);
  if (source === undefined) return undefined;
  const { connectionOptions, namespace } = await load(env, source);
  const { address } = connectionOptions;
  if (address) return { address, namespace: namespace ?? 'default', connectionOptions, source };
  if (env['TEMPORAL_PROFILE']) throw invalid(source, 'it has no address');
  return undefined;
}

export function profileSource(env: Env = process.env): string | undefined {
  if (env['TEMPORAL_ADDRESS']) return 'TEMPORAL_ADDRESS';
  if (env['TEMPORAL_PROFILE']) return `profile ${env['TEMPORAL_PROFILE']} of ${profileFile(env)}`;
  return existsSync(profileFile(env)) ? `profile default of ${profileFile(env)}` : undefined;
}

export function profileFile(env: Env = process.env): string {
  if (env['TEMPORAL_CONFIG_FILE']) return env['TEMPORAL_CONFIG_FILE'];
  const config =
    process.platform === 'darwin'
      ? join(homedir(), 'Library', 'Application Support')
      : env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  return join(config, 'temporalio', 'temporal.toml');
}

async function load(env: Env, source: string): Promise<ClientConnectConfig> {
  const { loadClientConnectConfig } = await import('@temporalio/envconfig');
  const overrideEnvVars = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  try {
    return loadClientConnectConfig({ overrideEnvVars });
  } catch (cause) {
    throw invalid(source, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

const invalid = (source: string, why: string, cause?: unknown) =>
  new ClincherError('CONFIG_INVALID', `The Temporal connection (${source}) cannot be used: ${why}.`, {
    cause,
    remedy: [
      'correct the profile, or unset TEMPORAL_PROFILE and TEMPORAL_ADDRESS to use the embedded server',
    ],
  });
