// Everything in a history is made small and encrypted with AES-256-GCM before it leaves the process, and named by the key's id.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { ClincherError } from '../errors.js';
import { type KeyRing, loadKeys } from './keys.js';

/** Loaded on the first payload: the supervisor has this file at hand and mostly nothing to decode. */
const payloadProto = async () => (await import('@temporalio/proto')).default.temporal.api.common.v1.Payload;
type PayloadProto = Awaited<ReturnType<typeof payloadProto>>;

const ENCODING = 'binary/encrypted';
/** A run carries its server's configuration through each of its activities: it is mostly the same words. */
const COMPRESSION = 'deflate';
/** Temporal takes no payload above 2 MiB; what claims to be far more was not written here. */
const MOST_BYTES = 64 << 20;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | null | undefined) => (value ? new TextDecoder().decode(value) : '');

export class EncryptionCodec implements PayloadCodec {
  private ring: KeyRing | undefined;

  constructor(private readonly load: () => KeyRing = loadKeys) {}

  async encode(payloads: Payload[]): Promise<Payload[]> {
    const { current, keys } = this.keys();
    const proto = await payloadProto();
    return payloads.map((payload) => seal(proto.encode(payload).finish(), current, keys.get(current)!));
  }

  async decode(payloads: Payload[]): Promise<Payload[]> {
    const proto = await payloadProto();
    return payloads.map((payload) => this.decodeOne(payload, proto));
  }

  private decodeOne(payload: Payload, proto: PayloadProto): Payload {
    if (text(payload.metadata?.['encoding']) !== ENCODING) return payload;
    const id = text(payload.metadata?.['encryption-key-id']);
    const small = open(payload.data ?? new Uint8Array(), this.keyNamed(id), id);
    const isSmall = text(payload.metadata?.['compression']) === COMPRESSION;
    return proto.decode(isSmall ? inflateRawSync(small, { maxOutputLength: MOST_BYTES }) : small);
  }

  private keys(): KeyRing {
    this.ring ??= this.load();
    return this.ring;
  }

  /** An unknown id may be a key that was added since we looked: one more look, then it is an error. */
  private keyNamed(id: string): Buffer {
    const known = this.keys().keys.get(id);
    if (known) return known;
    this.ring = this.load();
    const key = this.ring.keys.get(id);
    if (!key) throw unknownKey(id);
    return key;
  }
}

function seal(clear: Uint8Array, id: string, key: Buffer): Payload {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const small = deflateRawSync(clear);
  const sealed = [iv, cipher.update(small), cipher.final()];
  return {
    metadata: {
      ...{ encoding: bytes(ENCODING), 'encryption-key-id': bytes(id) },
      compression: bytes(COMPRESSION),
    },
    data: Buffer.concat([...sealed, cipher.getAuthTag()]),
  };
}

function open(data: Uint8Array, key: Buffer, id: string): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, IV_BYTES));
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(data.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new ClincherError(
      'VAULT_INVALID',
      `A history entry does not open with key ${id}: it was altered.`,
      {
        cause,
        remedy: ['clincher doctor'],
      },
    );
  }
}

const unknownKey = (id: string) =>
  new ClincherError('VAULT_INVALID', `A history entry was encrypted with key ${id}, which is not here.`, {
    remedy: ['copy codec-keys.json from the machine that wrote it', 'or name it in CLINCHER_CODEC_KEY_FILE'],
  });
