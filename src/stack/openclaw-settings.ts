// The one table of OpenClaw's settings: what a server wants of a version, and what that changes on a host.
import type { Server } from '../model.js';
import { CHANNEL_ROWS } from './openclaw-channels.js';
import { GATEWAY_ROWS } from './openclaw-gateway.js';
import { MODEL_ROWS } from './openclaw-models.js';
import type { Json, Row } from './openclaw-row.js';
import { TOOL_ROWS } from './openclaw-tools.js';
import { type Generation, versionOf } from './openclaw-version.js';

export const ROWS: readonly Row[] = [...GATEWAY_ROWS, ...TOOL_ROWS, ...MODEL_ROWS, ...CHANNEL_ROWS];

export interface Setting {
  guide?: string | undefined;
  /** Dotted; null: this version has none. */
  key: string | null;
  value: Json;
  critical: boolean;
  lacking?: string | undefined;
}

export type SettingWord = 'applied' | 'already' | 'renamed' | 'unsupported';

export interface SettingResult {
  /** The guide's name, or else the real key. */
  name: string;
  key: string | null;
  word: SettingWord;
  /** Its value is not what it was before. */
  isChanged: boolean;
  reason?: string | undefined;
}

export type JsonObject = { readonly [key: string]: Json };

/** Throws where this version lacks a setting that the deployment's security rests on. */
export function wantedSettings(want: Server, text: string): Setting[] {
  const version = versionOf(text);
  return ROWS.flatMap((row) => {
    const value = row.value(want, version);
    if (value === undefined) return [];
    const key = keyOf(row, version.generation);
    if (key === null && row.critical && row.lacking === undefined)
      throw new Error(
        `OpenClaw ${version.release} has no twin of ${row.guide ?? nameOf(row)}, which security rests on`,
      );
    // One of our own that this version has no use for is nothing to report.
    if (key === null && row.guide === undefined) return [];
    const { guide, critical, lacking } = row;
    return [{ guide, key, value, critical, lacking }];
  });
}

const keyOf = ({ key }: Row, generation: Generation): string | null =>
  typeof key === 'string' ? key : key[generation];

const nameOf = ({ key }: Row): string =>
  typeof key === 'string' ? key : (Object.values(key).find((each) => each !== null) ?? '');

/** Every key of the table in any version: what clincher owns, and takes back when it is no longer wanted. */
export const OWNED_KEYS: readonly string[] = [
  ...new Set(
    ROWS.flatMap(({ key }) => (typeof key === 'string' ? [key] : Object.values(key))).filter(
      (key) => key !== null,
    ),
  ),
];

/** Those that this version knows. */
export const keysOf = (text: string): ReadonlySet<string> =>
  new Set(ROWS.map((row) => keyOf(row, versionOf(text).generation)).filter((key) => key !== null));

/** What is there and not ours stays; what says the same already stays as it is. */
export function mergeConfig(
  now: JsonObject,
  settings: readonly Setting[],
): { config: JsonObject; results: SettingResult[] } {
  const config = settings.reduce(
    (all, { key, value }) =>
      key === null || isSame(at(all, key), value) ? all : put(all, key.split('.'), value),
    now,
  );
  return { config, results: settings.map((setting) => resultOf(setting, at(now, setting.key ?? ''))) };
}

export function resultOf({ guide, key, value, lacking }: Setting, now: Json | undefined): SettingResult {
  const name = guide ?? key ?? '';
  if (key === null) return { name, key, word: 'unsupported', isChanged: false, reason: lacking };
  const isChanged = !isSame(now, value);
  if (guide !== undefined && guide !== key) return { name, key, word: 'renamed', isChanged };
  return { name, key, word: isChanged ? 'applied' : 'already', isChanged };
}

/** The value at a dotted key; undefined where there is none. */
export function at(config: Json | undefined, key: string): Json | undefined {
  return key
    .split('.')
    .reduce<Json | undefined>((now, part) => (isObject(now) ? now[part] : undefined), config);
}

function put(config: JsonObject, [key = '', ...rest]: readonly string[], value: Json): JsonObject {
  const below = config[key];
  return { ...config, [key]: rest.length === 0 ? value : put(isObject(below) ? below : {}, rest, value) };
}

/** Whatever the order of keys. */
export const isSame = (a: Json | undefined, b: Json | undefined): boolean => stable(a) === stable(b);

const stable = (value: Json | undefined): string =>
  JSON.stringify(value, (_, each: Json) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  ) ?? '';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
