// The vaults that were opened last: a survey asks for dozens of secrets, and each opening costs milliseconds of arithmetic.
import { decrypt } from './age.js';

/** A worker serves few configurations at a time. */
const KEPT = 4;

/** By what was opened with what: a file that was written since is another one. */
const opened = new Map<string, Promise<string>>();

/** As `decrypt`; the same text with the same keys is opened once. What could not be opened is tried again. */
export function decryptOnce(armored: string, identities: readonly string[]): Promise<string> {
  const key = [armored, ...identities].join('\n');
  const text = opened.get(key) ?? decrypt(armored, identities);
  opened.delete(key);
  opened.set(key, text);
  text.catch(() => opened.delete(key));
  for (const oldest of [...opened.keys()].slice(0, -KEPT)) opened.delete(oldest);
  return text;
}
