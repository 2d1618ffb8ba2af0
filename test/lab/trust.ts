// Finds the authorities that this machine trusts beyond the public ones: https from inside a host needs them too.
import { readdirSync, readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

const localFolder = '/usr/local/share/ca-certificates';

export function extraAuthorities(): string[] {
  const named = [process.env['NODE_EXTRA_CA_CERTS'], process.env['SSL_CERT_FILE']];
  const local = list(localFolder).map((name) => `${localFolder}/${name}`);
  const texts = [...named.flatMap((file) => file || []), ...local].map(read);
  return beyondPublic(texts.flatMap(certificates));
}

export function certificates(text: string): string[] {
  const found = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return found.map((each) => each.replace(/\r/g, ''));
}

export function beyondPublic(found: readonly string[]): string[] {
  const known = new Set(rootCertificates.map(bare));
  const extra = new Map(found.map((each) => [bare(each), each]));
  return [...extra].filter(([key]) => !known.has(key)).map(([, each]) => each);
}

function bare(certificate: string): string {
  return certificate.replace(/\s/g, '');
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.crt'));
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
