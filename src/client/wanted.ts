// clincher.yaml says what is wanted, so a run's wish is written there before it begins, and taken out again where it was not kept.
import { isDeepStrictEqual } from 'node:util';
import { type Value, valueIn, withValue } from '../config/edit.js';
import { type Config, parseConfig, shownFile } from '../config/load.js';
import { rewrite } from './config-edit.js';
import type { Io } from './io.js';

/** Undefined: the key goes. */
export type Edit = readonly [path: readonly string[], value: Value | undefined];

export interface Wanted {
  /** As the file says it now. */
  config: Config;
  /** What was written is taken out again for this server; where somebody has written something else since, that stays. */
  undo(server: string): Promise<void>;
}

/** All servers in one writing: the file is never seen with half of them, nor with what the configuration refuses. */
export async function want(
  io: Io,
  config: Config,
  wishes: ReadonlyMap<string, readonly Edit[]>,
): Promise<Wanted> {
  const seen = { before: '', config };
  await rewrite(config.path, (text) => {
    const after = edited(text, [...wishes.values()].flat());
    Object.assign(seen, { before: text, config: parseConfig(after, config.path, io) });
    return after;
  });
  const { before } = seen;
  for (const edit of [...wishes.values()].flat()) tell(io, config, before, edit, 'now');
  return {
    config: seen.config,
    undo: (server) => taken(io, config, wishes.get(server) ?? [], before),
  };
}

const edited = (text: string, edits: readonly Edit[]): string =>
  edits.reduce((now, [path, value]) => withValue(now, path, value), text);

async function taken(io: Io, config: Config, edits: readonly Edit[], before: string): Promise<void> {
  const back: Edit[] = [];
  await rewrite(config.path, (text) => {
    const ours = edits.filter(([path, value]) => isDeepStrictEqual(plainIn(text, path), value));
    back.push(...ours.map(([path]): Edit => [path, plainIn(before, path)]));
    // Where nobody has written anything meanwhile, not a blank differs.
    return edited(before, edits) === text ? before : edited(text, back);
  });
  for (const edit of back) tell(io, config, edited(before, edits), edit, 'again');
}

export function plainIn(text: string, path: readonly string[]): Value | undefined {
  const value = valueIn(text, path) as { toJSON?: () => unknown } | undefined;
  return (value?.toJSON ? value.toJSON() : value) as Value | undefined;
}

function tell(
  io: Io,
  { path: file }: Config,
  before: string,
  [path, value]: Edit,
  when: 'now' | 'again',
): void {
  if (isDeepStrictEqual(plainIn(before, path), value)) return;
  const shown =
    value === undefined ? 'not set' : typeof value === 'string' ? value : `${sizeOf(value)} lines`;
  io.err(`${shownFile(file, io.cwd)}: ${path.join('.')} is ${shown} ${when}\n`);
}

const sizeOf = (value: Exclude<Value, string>): number => Object.keys(value).length;
