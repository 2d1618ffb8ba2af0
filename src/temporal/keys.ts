// The codec's keys: which there are, where they are kept, which one writes. Never prints one.
import { createHash, randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ClincherError } from '../errors.js';
import { writeJson } from './json-file.js';
import { inState, makeFolder } from './paths.js';

export interface KeyRing {
  /** The id of the key that encrypts; the others are still read. */
  current: string;
  keys: ReadonlyMap<string, Buffer>;
}

interface KeyFile {
  current: string;
  keys: Record<string, string>;
}

type Env = NodeJS.ProcessEnv;

/** `CLINCHER_CODEC=off` leaves histories readable to everyone: for debugging only. */
export const codecIsOff = (env: Env = process.env) => env['CLINCHER_CODEC'] === 'off';

export const keyFile = (env: Env = process.env) =>
  env['CLINCHER_CODEC_KEY_FILE'] || inState('codec-keys.json');

/** Two machines with the same key give it the same name, without agreeing on one. */
export const keyId = (key: Buffer) => createHash('sha256').update(key).digest('hex').slice(0, 12);

/** From the environment (shared workers), a file, or made on first use. */
export function loadKeys(env: Env = process.env): KeyRing {
  const value = env['CLINCHER_CODEC_KEY'];
  if (value) return ringOf(decodeKey(value, 'CLINCHER_CODEC_KEY'));
  const path = keyFile(env);
  const text = readKeyFile(path);
  if (text !== undefined) return parseKeys(text, path);
  if (env['CLINCHER_CODEC_KEY_FILE']) throw missingFile(path);
  return create(path);
}

/** From now on a new key encrypts; histories written with older keys stay readable. */
export function rotateKey(env: Env = process.env): string {
  if (env['CLINCHER_CODEC_KEY']) throw fixedKey();
  const ring = loadKeys(env);
  const key = randomBytes(32);
  const next = { current: keyId(key), keys: new Map([...ring.keys, [keyId(key), key]]) };
  writeJson(keyFile(env), toFile(next));
  return next.current;
}

/** Either our own JSON, or one base64 key as it is handed to a shared worker. */
export function parseKeys(text: string, where: string): KeyRing {
  if (!text.trimStart().startsWith('{')) return ringOf(decodeKey(text.trim(), where));
  const file = parseFile(text, where);
  const keys = new Map(Object.entries(file.keys).map(([id, key]) => [id, decodeKey(key, where)]));
  if (!keys.has(file.current)) throw broken(where, 'its current key is not among its keys');
  return { current: file.current, keys };
}

function parseFile(text: string, where: string): KeyFile {
  try {
    const file = JSON.parse(text) as Partial<KeyFile>;
    return { current: file.current ?? '', keys: file.keys ?? {} };
  } catch {
    throw broken(where, 'it is not JSON');
  }
}

function decodeKey(base64: string, where: string): Buffer {
  const key = Buffer.from(base64, 'base64');
  if (key.length !== 32) throw broken(where, `a key has 32 bytes in base64, this one ${key.length}`);
  return key;
}

const ringOf = (key: Buffer): KeyRing => ({ current: keyId(key), keys: new Map([[keyId(key), key]]) });

const toFile = (ring: KeyRing): KeyFile => ({
  current: ring.current,
  keys: Object.fromEntries([...ring.keys].map(([id, key]) => [id, key.toString('base64')])),
});

/** Two processes may need the first key at once; link(2) lets one win and both read the winner's. */
function create(path: string): KeyRing {
  makeFolder(dirname(path));
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, JSON.stringify(toFile(ringOf(randomBytes(32)))), { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return parseKeys(readFileSync(path, 'utf8'), path);
}

function readKeyFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const broken = (where: string, why: string) =>
  new ClincherError('CONFIG_INVALID', `The codec key in ${where} cannot be used: ${why}.`, {
    remedy: ['restore the key file from your backup: without it, histories cannot be read'],
  });

const missingFile = (path: string) =>
  new ClincherError('CONFIG_INVALID', `CLINCHER_CODEC_KEY_FILE names ${path}, which does not exist.`, {
    remedy: ['copy codec-keys.json from the machine that has the key'],
  });

const fixedKey = () =>
  new ClincherError('USAGE', 'CLINCHER_CODEC_KEY fixes one key, so there is nothing to rotate.', {
    remedy: ['put both keys into a file and name it in CLINCHER_CODEC_KEY_FILE'],
  });
