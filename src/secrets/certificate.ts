// A key and a certificate for one name, made once and kept in the vault: no authority that could be asked for another.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** X.690 (DER): tag, length, content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));

/** 1.3.101.112: Ed25519 (RFC 8410). */
const ED25519 = sequence(der(0x06, Buffer.from('2b6570', 'hex')));
const COMMON_NAME = der(0x06, Buffer.from('550403', 'hex'));
const ALT_NAME = der(0x06, Buffer.from('551d11', 'hex'));
/** The last second that both ways of writing a time agree on (RFC 5280, 4.1.2.5). */
const VALID = sequence(utcTime('200101000000Z'), utcTime('491231235959Z'));

const named = (name: string): Buffer =>
  sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(name)))));

/** subjectAltName: the one name, as DNS. */
const extensions = (name: string): Buffer =>
  der(0xa3, sequence(sequence(ALT_NAME, der(0x04, sequence(der(0x82, Buffer.from(name)))))));

/** PEM of the private key, then of the certificate; it ends with 2049. `name` must be ASCII. */
export async function newCertificate(name: string): Promise<string> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ED25519,
    named(name),
    VALID,
    named(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions(name),
  );
  const signature = der(0x03, Buffer.from([0]), sign(null, body, privateKey));
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return `${key}${pem(sequence(body, ED25519, signature))}`;
}

const pem = (bytes: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(bytes.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;

/** The half that everybody may know; undefined where the text holds none. */
export const certificateIn = (text: string): string | undefined =>
  /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n/.exec(text)?.[0];
