// Reads clincher.lock.yaml, the exact image behind each tag, and gives each server the digests of its images.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { ClincherError } from '../errors.js';
import type { ImageName, StackSettings } from '../model.js';
import { imageKey, imageTag } from '../stack/images.js';
import { type Path, parseSource, plainValue, problemAt, syntaxProblems } from './document.js';
import { ConfigError } from './problem.js';

export const LOCK_NAME = 'clincher.lock.yaml';

const entry = z.strictObject({
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is not a digest such as sha256:… with 64 hex digits'),
  /** When the tag was asked for, ISO. */
  resolved: z.iso.datetime('is not a time such as 2026-11-27T06:30:00Z'),
  /** Such as linux/amd64; empty where the registry did not say. */
  platforms: z.array(z.string(), 'is not a list of platforms'),
  /** `verified`, `unsigned`, `refused: …` or `not checked: …`; absent where no policy says who signs. */
  signature: z.string().optional(),
});

const schema = z.strictObject({
  version: z.literal(1, 'must be 1'),
  images: z.record(z.string(), entry, 'is not a map of images'),
});

export type LockEntry = z.infer<typeof entry>;
/** By `repository:tag`. */
export type Lock = Record<string, LockEntry>;

/** One lock for all servers, beside clincher.yaml. */
export const lockPath = (configPath: string): string => join(dirname(configPath), LOCK_NAME);

/** No file is an empty lock: nothing was pinned yet. */
export function readLock(configPath: string): Lock {
  const file = lockPath(configPath);
  const text = readText(file);
  return text === undefined ? {} : parseLock(text, file);
}

export function parseLock(text: string, file: string): Lock {
  const source = parseSource(file, text);
  const syntax = syntaxProblems(source);
  if (syntax.length > 0) throw new ConfigError(file, syntax);
  const { data, error } = schema.safeParse(plainValue(source));
  if (data !== undefined) return data.images;
  const told = error.issues.map(({ path, message }) => problemAt(source, path as Path, 'value', message));
  throw new ConfigError(file, told);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT') return undefined;
    throw new ClincherError('CONFIG_INVALID', `${file} cannot be read (${code}).`, { cause: error });
  }
}

export type Digests = Partial<Record<ImageName, string>>;

/** A digest in clincher.yaml wins: who writes it there means it. */
export function digestsOf(lock: Lock, stack: StackSettings): Digests {
  const known = Object.entries(stack.images).flatMap(([name, settings]) => {
    const image = imageTag(settings);
    const key = imageKey(image);
    const digest = image.digest ?? (Object.hasOwn(lock, key) ? lock[key]?.digest : undefined);
    return digest === undefined ? [] : [[name, digest] as const];
  });
  return Object.fromEntries(known);
}
