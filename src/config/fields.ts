// What the texts in a configuration must look like. Each check answers with nothing, or with what is wrong.
import * as z from 'zod';
import { looksLikeReference, parseReference } from '../secrets/reference.js';
import { canonicalNetwork, isAddress, isHostName, isPageAddress, parseNetwork } from './network.js';

/** The end of a sentence that begins with the path: `servers.prod.address: is not …`. */
export type Complaint = string | undefined;

/** Text that passes a check of ours. The check sees trimmed, one-line text: anything else is refused first. */
export function text(check: (value: string) => Complaint): z.ZodString {
  return z.string().check((context) => {
    const message = isClean(context.value)
      ? check(context.value)
      : 'must be one line without blanks around it';
    if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value });
  });
}

const isClean = (value: string): boolean => !/[\0-\x1f\x7f]/.test(value) && value.trim() === value;

export function address(value: string): Complaint {
  if (value === '') return 'is empty; an IP address or a host name is wanted';
  if (/^[a-z]+:\/\//i.test(value)) return 'is a URL; write the IP address or host name alone';
  if (value.includes('@'))
    return 'has a user in it; write the IP address or host name alone, the user goes to `ssh.user`';
  if (/^[^:]+:\d+$/.test(value))
    return 'has a port in it; write the IP address or host name alone, the port goes to `ssh.port`';
  return isAddress(value) || isHostName(value) ? undefined : 'is neither an IP address nor a host name';
}

export const ip = (value: string): Complaint => (isAddress(value) ? undefined : 'is not an IP address');

export function network(value: string): Complaint {
  const parsed = parseNetwork(value);
  if (parsed === undefined) return 'is neither an IP address nor a network such as 203.0.113.0/24';
  const canonical = canonicalNetwork(parsed);
  if (!value.includes('/') || parseNetwork(canonical)?.address === parsed.address) return undefined;
  return `has bits beyond its prefix; did you mean \`${canonical}\`?`;
}

/** Wider than any network that one operator has; private 10.0.0.0/8 still passes. */
const WIDEST = { 4: 8, 6: 16 } as const;

export function adminNetwork(value: string): Complaint {
  const parsed = parseNetwork(value);
  if (parsed?.prefix === 0)
    return 'lets the whole internet try to log in, and brute force begins within hours; name the addresses that you come from, or use `tailscale.ssh_only`';
  if (parsed !== undefined && parsed.prefix < WIDEST[parsed.family])
    return `is wider than /${WIDEST[parsed.family]}: that is no admin network but a part of the internet`;
  return network(value);
}

const KEY_TYPES =
  /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com)$/;

export function publicKey(value: string): Complaint {
  if (/PRIVATE KEY/.test(value))
    return 'is a PRIVATE key: take it out of this file and make a new pair, as copies of it may be anywhere now; the line of the .pub file belongs here';
  const [type = '', blob = ''] = value.split(' ');
  if (type === 'ssh-dss') return 'is a DSA key, which OpenSSH refuses; make one with `ssh-keygen -t ed25519`';
  if (!KEY_TYPES.test(type))
    return 'is not a public key; it begins with its type, as the line of a .pub file does: `ssh-ed25519 AAAA… you@home`';
  return innerType(blob) === type
    ? undefined
    : 'is cut short or damaged: the part after the type does not hold such a key';
}

/** An SSH key blob begins with its own type, after a length of four bytes. */
function innerType(blob: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(blob)) return undefined;
  const bytes = Buffer.from(blob, 'base64');
  const length = bytes.length > 4 ? bytes.readUInt32BE(0) : 0;
  return bytes.length > 4 + length ? bytes.toString('latin1', 4, 4 + length) : undefined;
}

export function fingerprint(value: string): Complaint {
  if (/^SHA256:[A-Za-z0-9+/]{43}$/.test(value)) return undefined;
  if (/^(?:MD5:)?(?:[0-9a-f]{2}:){15}[0-9a-f]{2}$/i.test(value))
    return 'is an MD5 fingerprint; `ssh-keygen -lf` prints the SHA256 one';
  if (/^(?:ssh|ecdsa)-/.test(value))
    return 'is the key itself; its fingerprint is wanted, which `ssh-keygen -lf` prints: `SHA256:…`';
  return 'is not a fingerprint: `SHA256:` and 43 characters are wanted, as `ssh-keygen -lf` prints it';
}

/** Only the length and kind of a literal may be spoken of, never the literal. */
export function secretReference(value: string): Complaint {
  if (!looksLikeReference(value)) return LITERAL_SECRET;
  const reference = parseReference(value);
  return 'problem' in reference ? `is not a valid secret reference: ${reference.problem}` : undefined;
}

/** Completed with the command to type, by sentence.ts, which knows the server and the key. */
export const LITERAL_SECRET =
  'holds the value itself, and a value here ends up in backups and version control';

export function userName(value: string): Complaint {
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(value))
    return 'is not a user name: lower-case letters, digits, - and _, at most 32';
  return undefined;
}

export function deployUser(value: string): Complaint {
  return value === 'root' ? 'must not be root: hardening turns root’s login off' : userName(value);
}

export function serverName(value: string): Complaint {
  if (value === 'all' || value === 'shared')
    return `\`${value}\` has a meaning of its own; choose another name`;
  if (!/^[a-z][a-z0-9-]{0,29}$/.test(value))
    return 'a server name is lower-case letters, digits and -, begins with a letter and has at most 30 characters';
  return undefined;
}

/** As after `exec:`: words, and quotes around what holds blanks. */
export function commandLine(value: string): Complaint {
  const reference = parseReference(`exec:${value}`);
  return 'problem' in reference ? 'is not a program and its words' : undefined;
}

export const timeOfDay = (value: string): Complaint =>
  /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(value) ? undefined : 'is not a time of day such as "05:00"';

export const size = (value: string): Complaint =>
  /^[1-9]\d*[kmg]$/.test(value) ? undefined : 'is not a size such as 10m (k, m or g)';

export const fileCount = (value: string): Complaint =>
  /^(?:[1-9]\d?|100)$/.test(value) ? undefined : 'wants a whole number from 1 to 100';

export function webAddress(value: string): Complaint {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) return 'is not an http(s) address';
  return new URL(value).username === ''
    ? undefined
    : 'has a user in it, and a password in an address is a secret in a file';
}

export const sysctlKey = (value: string): Complaint =>
  /^[a-z0-9_]+(?:[./][A-Za-z0-9_-]+)+$/.test(value)
    ? undefined
    : 'is not the name of a kernel setting, such as vm.swappiness';

export const filePath = (value: string): Complaint =>
  value === '' ? 'is empty; a path is wanted' : undefined;

export const ageRecipient = (value: string): Complaint =>
  /^age1[0-9a-z]{20,}$/.test(value) ? undefined : 'is not an age recipient (`age1…`)';

export const uuid = (value: string): Complaint =>
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? undefined : 'is not the id of a vault';

export const hostAndPort = (value: string): Complaint =>
  /^\S+:\d{1,5}$/.test(value) ? undefined : 'is not host:port, such as localhost:7233';

export const pageAddress = (value: string): Complaint =>
  isPageAddress(value)
    ? undefined
    : 'is neither on loopback (127.0.0.1:7288) nor an address of the tailnet with a port: whoever reaches the page may try to answer';

export const pageUrl = (value: string): Complaint =>
  webAddress(value) ??
  (new URL(value).pathname === '/' && !/[?#]/.test(value)
    ? undefined
    : 'has more in it than scheme, host and port');

/** One line that a person reads; nothing that a terminal or a mail header would take for an order. */
export const plainText = (value: string): Complaint =>
  /^[^\p{Cc}]{1,200}$/u.test(value) ? undefined : 'is not a line of text';

export const emailAddress = (value: string): Complaint =>
  /^[^\s@<>,;"\p{Cc}]+@[A-Za-z0-9.-]+$/u.test(value) ? undefined : 'is not an e-mail address';

export const plainName = (value: string): Complaint =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(value) ? undefined : 'is not a name of letters, digits, . _ and -';

/** A service's address without a path: what stands behind it would be part of a name there. */
export const origin = (value: string): Complaint =>
  webAddress(value) ??
  (/^https?:\/\/[A-Za-z0-9.:[\]-]+\/?$/.test(value)
    ? undefined
    : 'has more in it than scheme, host and port; the rest goes to `bucket` and `path`');

export const remotePath = (value: string): Complaint =>
  /^\/?[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/.test(value) && !value.split('/').includes('..')
    ? undefined
    : 'is not a path of letters, digits, . _ - and /';

export const bucketName = (value: string): Complaint =>
  /^[A-Za-z0-9][A-Za-z0-9.-]{1,61}[A-Za-z0-9]$/.test(value) ? undefined : 'is not the name of a bucket';
