// Looks for secrets in bytes, files and folders, in clear and in the disguises that a careless program gives them.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** As it is, base64 at each of its three alignments, hex and URL-encoded. */
export function forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // What depends on the neighbours is cut off at both ends.
    return text.slice(shift === 0 ? 0 : shift + 1, -4);
  });
  const url = encodeURIComponent(secret);
  return [...new Set([secret, ...shifted, bytes.toString('hex'), url, url.toLowerCase()])];
}

export interface Needle {
  name: string;
  forms: string[];
}

export const needle = (name: string, secret: string): Needle => ({ name, forms: forms(secret) });

/** Names of the secrets that are in it. */
export const foundIn = (hay: Buffer, needles: readonly Needle[]): string[] =>
  needles.filter((one) => one.forms.some((form) => hay.includes(form))).map(({ name }) => name);

/** `file: secret` for each that is found under the folder. */
export function foundUnder(folder: string, needles: readonly Needle[]): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return foundUnder(path, needles);
    if (!entry.isFile() || statSync(path).size === 0) return [];
    return foundIn(readFileSync(path), needles).map((name) => `${path}: ${name}`);
  });
}
