// A configuration that is valid, and a way to load texts as if they stood in a file.
import { type Config, parseConfig } from '../../src/config/load.js';
import { ConfigError, type Problem } from '../../src/config/problem.js';

export const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIX+tYdClZIvsgtuETMbTnhAS8ic4+eKO5mDDLUAA/8c you@home';
export const HOST_KEY = `SHA256:${'A'.repeat(43)}`;

export const DEFAULTS = `version: 1
defaults:
  ssh:
    authorized_keys: ['${KEY}']
    admin_addresses: [198.51.100.7]
`;

export const MINIMAL = `${DEFAULTS}servers:
  prod:
    address: 203.0.113.7
`;

export const PLACE = { cwd: '/home/you/ops', env: { HOME: '/home/you' } };

export const load = (text: string): Config => parseConfig(text, '/home/you/ops/clincher.yaml', PLACE);

export function problems(text: string): readonly Problem[] {
  try {
    load(text);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Each problem as `line:col path: sentence`. */
export const told = (text: string): string[] =>
  problems(text).map(({ line, column, path, sentence }) => `${line}:${column} ${path}: ${sentence}`);
