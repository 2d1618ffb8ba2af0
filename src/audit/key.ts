// The key that signs audit exports: Ed25519, so that whoever has its public half can verify, without the vault and without clincher.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';

/** PKCS 8 in DER, base64: one line, as the vault wants it. */
export const newAuditKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');

const privateKey = (key: string) =>
  createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' });

/** SPKI in DER, base64: what openssl takes. */
export const publicHalf = (key: string): string =>
  createPublicKey(privateKey(key)).export({ type: 'spki', format: 'der' }).toString('base64');

export const signed = (key: string, text: string): string =>
  sign(null, Buffer.from(text), privateKey(key)).toString('base64');

/** False also where key or signature is none, or is written in another way than ours. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  try {
    const [der, bytes] = [Buffer.from(publicKey, 'base64'), Buffer.from(signature, 'base64')];
    if (der.toString('base64') !== publicKey || bytes.toString('base64') !== signature) return false;
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(text), key, bytes);
  } catch {
    return false;
  }
}

/** As OpenSSH writes those of keys: short enough to read out. */
export const keyFingerprint = (publicKey: string): string =>
  `SHA256:${createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('base64').replace(/=+$/, '')}`;
