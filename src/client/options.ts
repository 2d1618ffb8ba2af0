// Options that every command understands, and how they come out of the parser.
import { ClincherError } from '../errors.js';

export interface GlobalOptions {
  output: 'text' | 'json' | 'jsonl';
  quiet: boolean;
  verbose: boolean;
  debug: boolean;
  progress: 'auto' | 'tree' | 'plain' | 'none';
  color: 'auto' | 'always' | 'never';
  input: boolean;
  config?: string | undefined;
}

type Raw = Partial<Record<string, unknown>>;

const one = <T extends string>(value: unknown, allowed: readonly T[], fallback: T): T =>
  allowed.includes(value as T) ? (value as T) : fallback;

/** Never throws: also used to print an error about the options themselves. */
export function globalOptions(raw: Raw): GlobalOptions {
  const asked = raw['jsonl'] ? 'jsonl' : raw['json'] ? 'json' : raw['output'];
  return {
    output: one(asked, ['text', 'json', 'jsonl'], 'text'),
    quiet: Boolean(raw['quiet']),
    verbose: Boolean(raw['verbose']),
    debug: Boolean(raw['debug']),
    progress: one(raw['progress'], ['auto', 'tree', 'plain', 'none'], 'auto'),
    color: one(raw['color'], ['auto', 'always', 'never'], 'auto'),
    input: raw['input'] !== false,
    config: typeof raw['config'] === 'string' ? raw['config'] : undefined,
  };
}

export function checkGlobal(raw: Raw): void {
  const formats = new Set(['json', 'jsonl'].filter((name) => raw[name]));
  if (typeof raw['output'] === 'string') formats.add(raw['output']);
  if (formats.size > 1)
    throw new ClincherError('USAGE', `Choose one output format: ${[...formats].join(' or ')}.`);
  if (raw['quiet'] && raw['verbose'])
    throw new ClincherError('USAGE', 'Choose one of --quiet and --verbose.');
}

export const isJson = (options: GlobalOptions): boolean => options.output !== 'text';
