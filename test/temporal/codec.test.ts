import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EncryptionCodec } from '../../src/temporal/codec.js';
import { codecIsOff, type KeyRing, keyId, loadKeys, parseKeys, rotateKey } from '../../src/temporal/keys.js';

const ring = (...keys: Buffer[]): KeyRing => ({
  current: keyId(keys[0]!),
  keys: new Map(keys.map((key) => [keyId(key), key])),
});
const payload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value)!;
const value = (of: Payload) => defaultPayloadConverter.fromPayload(of);
const [older, newer] = [randomBytes(32), randomBytes(32)];

/** As histories of before have it. */
async function uncompressed(said: unknown): Promise<Payload> {
  const { Payload: proto } = (await import('@temporalio/proto')).default.temporal.api.common.v1;
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', older!, iv);
  const data = [iv, cipher.update(proto.encode(payload(said)).finish()), cipher.final(), cipher.getAuthTag()];
  const metadata = {
    encoding: Buffer.from('binary/encrypted'),
    'encryption-key-id': Buffer.from(keyId(older!)),
  };
  return { metadata, data: Buffer.concat(data) };
}

describe('the codec', () => {
  test('gives back what it was given, and shows nothing of it', async () => {
    const codec = new EncryptionCodec(() => ring(older));
    const [sealed] = await codec.encode([payload({ token: 'hunter2' })]);
    expect(Buffer.from(sealed!.data!).toString('latin1')).not.toContain('hunter2');
    expect(Buffer.from(sealed!.metadata!['encoding']!).toString()).toBe('binary/encrypted');
    expect(Buffer.from(sealed!.metadata!['encryption-key-id']!).toString()).toBe(keyId(older));
    expect(value((await codec.decode([sealed!]))[0]!)).toEqual({ token: 'hunter2' });
  });

  test('makes small what says the same again, and reads what was written before it did', async () => {
    const codec = new EncryptionCodec(() => ring(older));
    const said = Array.from({ length: 500 }, (_, i) => ({ name: 'a long name of a key', value: i }));
    const [sealed] = await codec.encode([payload(said)]);
    expect(sealed!.data!.length).toBeLessThan(JSON.stringify(said).length / 4);
    expect(value((await codec.decode([sealed!]))[0]!)).toEqual(said);
    expect(value((await codec.decode([await uncompressed('before')]))[0]!)).toBe('before');
  });

  test('never writes the same thing twice', async () => {
    const codec = new EncryptionCodec(() => ring(older));
    const [a, b] = await codec.encode([payload('x'), payload('x')]);
    expect(Buffer.from(a!.data!)).not.toEqual(Buffer.from(b!.data!));
  });

  test('passes on what it did not write', async () => {
    const plain = payload('plain');
    expect(await new EncryptionCodec(() => ring(older)).decode([plain])).toEqual([plain]);
  });

  test('reads old entries after a rotation and writes with the new key', async () => {
    const [sealed] = await new EncryptionCodec(() => ring(older)).encode([payload('before')]);
    const rotated = new EncryptionCodec(() => ring(newer, older));
    expect(value((await rotated.decode([sealed!]))[0]!)).toBe('before');
    const [after] = await rotated.encode([payload('after')]);
    expect(Buffer.from(after!.metadata!['encryption-key-id']!).toString()).toBe(keyId(newer));
  });

  test('looks once more before it gives up on a key', async () => {
    const [sealed] = await new EncryptionCodec(() => ring(newer)).encode([payload('x')]);
    let loads = 0;
    const behind = new EncryptionCodec(() => (loads++ === 0 ? ring(older) : ring(newer, older)));
    expect(value((await behind.decode([sealed!]))[0]!)).toBe('x');
  });

  test('names the key that is missing', async () => {
    const [sealed] = await new EncryptionCodec(() => ring(newer)).encode([payload('x')]);
    const codec = new EncryptionCodec(() => ring(older));
    await expect(codec.decode([sealed!])).rejects.toThrow(
      `encrypted with key ${keyId(newer)}, which is not here`,
    );
  });

  test.each([0, 12, -1])('notices a byte changed at %i', async (at) => {
    const codec = new EncryptionCodec(() => ring(older));
    const [sealed] = await codec.encode([payload('x')]);
    const data = Buffer.from(sealed!.data!);
    data[at < 0 ? data.length + at : at]! ^= 1;
    await expect(codec.decode([{ ...sealed!, data }])).rejects.toThrow('it was altered');
  });
});

describe('the keys', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'clincher-keys-'));
    process.env['CLINCHER_HOME'] = home;
  });
  afterEach(() => {
    delete process.env['CLINCHER_HOME'];
    rmSync(home, { recursive: true });
  });

  test('are made on first use, for the owner alone, and stay', () => {
    const first = loadKeys();
    const path = join(home, 'codec-keys.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(loadKeys().current).toBe(first.current);
  });

  test('rotate: a new one writes, the old ones stay', () => {
    const before = loadKeys().current;
    const after = rotateKey();
    expect(loadKeys().current).toBe(after);
    expect([...loadKeys().keys.keys()]).toEqual([before, after]);
    expect(statSync(join(home, 'codec-keys.json')).mode & 0o777).toBe(0o600);
  });

  test('come from the environment for shared workers, under the same name everywhere', () => {
    const key = randomBytes(32);
    expect(loadKeys({ CLINCHER_CODEC_KEY: key.toString('base64') }).current).toBe(keyId(key));
    const file = join(home, 'shared');
    writeFileSync(file, `${key.toString('base64')}\n`);
    expect(loadKeys({ CLINCHER_CODEC_KEY_FILE: file }).current).toBe(keyId(key));
  });

  test('a named file that is missing is an error, and not made', () => {
    const file = join(home, 'missing');
    expect(() => loadKeys({ CLINCHER_CODEC_KEY_FILE: file })).toThrow('does not exist');
    expect(() => readFileSync(file)).toThrow();
  });

  test.each([
    ['{ not json', 'it is not JSON'],
    ['{"current":"a","keys":{}}', 'its current key is not among its keys'],
    ['c2hvcnQ=', 'a key has 32 bytes'],
  ])('a damaged file is never replaced: %s', (text, why) => {
    expect(() => parseKeys(text, 'k')).toThrow(why);
    writeFileSync(join(home, 'codec-keys.json'), text);
    expect(() => loadKeys()).toThrow(why);
    expect(readFileSync(join(home, 'codec-keys.json'), 'utf8')).toBe(text);
  });

  test('can be left out for debugging', () => {
    expect(codecIsOff({ CLINCHER_CODEC: 'off' })).toBe(true);
    expect(codecIsOff({})).toBe(false);
  });
});
