// `clincher config check|show|schema`: the configuration as it is read, and the schema that it is read by.

import { type Config, serverNames } from '../../config/load.js';
import { ConfigError } from '../../config/problem.js';
import type { Io } from '../io.js';
import type { GlobalOptions } from '../options.js';
import { configOf, type ServerOptions, serversToList } from '../servers.js';
import { document, print } from '../view/json.js';

type Options = Pick<GlobalOptions, 'config' | 'output'>;

export interface ConfigCheckOptions extends Options {}

export async function configCheck(io: Io, options: ConfigCheckOptions): Promise<number> {
  try {
    tell(io, options, configOf(io, options));
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError) || options.output === 'text') throw error;
    io.out(print(document('config-check', { valid: false, problems: error.problems })));
    return error.exitCode;
  }
}

function tell(io: Io, options: ConfigCheckOptions, config: Config): void {
  const servers = serverNames(config);
  const count = servers.length === 1 ? 'one server' : `${servers.length} servers`;
  const { path } = config;
  if (options.output === 'text') io.out(`${path} is valid: ${count} (${servers.join(', ')})\n`);
  else io.out(print(document('config-check', { valid: true, path, servers, problems: [] })));
}

export interface ConfigShowOptions extends Options, ServerOptions {}

/** With defaults merged in. Secrets are references here as everywhere. */
export async function configShow(io: Io, options: ConfigShowOptions): Promise<number> {
  const config = configOf(io, options);
  const named = serversToList(io, config, options).map(({ name, vault: _, digests: __, ...settings }) => [
    name,
    settings,
  ]);
  const { path, control_plane, secrets } = config;
  const shown = {
    version: 1,
    servers: Object.fromEntries(named),
    control_plane,
    secrets: withoutBlanks(secrets),
  };
  if (options.output !== 'text') io.out(print(document('config', { path, ...shown })));
  else io.out(`# ${path}, with every default\n${await yaml(shown)}`);
  return 0;
}

const withoutBlanks = (map: object): object =>
  Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));

async function yaml(value: object): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

export interface ConfigSchemaOptions extends Options {}

export async function configSchema(io: Io, _options: ConfigSchemaOptions): Promise<number> {
  const { configJsonSchema } = await import('../../config/json-schema.js');
  io.out(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  return 0;
}
