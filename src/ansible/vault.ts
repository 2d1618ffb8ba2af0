// What ansible-vault encrypted, opened: format 1.1 and 1.2, AES-256 in counter mode under an HMAC of the same password.
import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';

const HEADER = /^\$ANSIBLE_VAULT;1\.[12];AES256(?:;[^\r\n]*)?\r?\n/;

/** Of a whole file, or of a value behind `!vault`. */
export const isVaulted = (text: string): boolean => text.trimStart().startsWith('$ANSIBLE_VAULT;');

/** Why it cannot be opened, in words that fit behind `file:line`. The text itself is never in them. */
export class CannotOpen extends Error {}

export function openVault(text: string, password: string): string {
  const body = text.trimStart();
  if (!HEADER.test(body))
    throw new CannotOpen('is of a format of ansible-vault that is not known (1.1 and 1.2 with AES256 are)');
  const [salt, mac, sealed] = parts(body.replace(HEADER, ''));
  // As ansible-vault derives them: the cipher’s key, the HMAC’s key, and where the counter begins.
  const keys = pbkdf2Sync(password, salt, 10_000, 80, 'sha256');
  const proof = createHmac('sha256', keys.subarray(32, 64)).update(sealed).digest();
  if (proof.length !== mac.length || !timingSafeEqual(proof, mac))
    throw new CannotOpen('was encrypted with another password, or is damaged');
  const cipher = createDecipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64));
  return withoutPadding(Buffer.concat([cipher.update(sealed), cipher.final()])).toString('utf8');
}

/** Hexadecimal digits of three lines of hexadecimal digits. */
function parts(body: string): [salt: Buffer, mac: Buffer, sealed: Buffer] {
  const lines = unhex(body.replace(/\s+/g, '')).toString('latin1').split('\n');
  const [salt, mac, sealed] = lines.map(unhex);
  if (lines.length === 3 && salt && mac && sealed) return [salt, mac, sealed];
  throw new CannotOpen('is cut short or damaged');
}

function unhex(text: string): Buffer {
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, 'hex');
  throw new CannotOpen('is cut short or damaged');
}

/** PKCS7: the last byte says how many there are of it. */
function withoutPadding(bytes: Buffer): Buffer {
  const count = bytes.at(-1) ?? 0;
  if (count < 1 || count > 16 || count > bytes.length) throw new CannotOpen('is damaged');
  return bytes.subarray(0, bytes.length - count);
}
