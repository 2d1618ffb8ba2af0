// What the texts of the stack must look like: names, domains, models, images. As fields.ts; each answers with what is wrong.
import { looksLikeReference } from '../secrets/reference.js';
import { type Complaint, network, secretReference, webAddress } from './fields.js';
import { isAddress, isHostName, isPrivate, type Network, overlap, parseNetwork } from './network.js';

const SYSTEM_FOLDERS = /^\/(?:bin|boot|dev|etc|lib\w*|proc|root|run|sbin|sys|tmp|usr|var)?(?:\/|$)/;

export function folder(value: string): Complaint {
  if (!/^\/[\w./-]+$/.test(value) || value.split('/').includes('..'))
    return 'is not an absolute path of letters, digits, . _ - and /';
  return /^\/[^/]+\/?$/.test(value) && SYSTEM_FOLDERS.test(value)
    ? 'belongs to the system; choose a folder of its own such as /opt/openclaw'
    : undefined;
}

export const repository = (value: string): Complaint =>
  /^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)*$/.test(value)
    ? undefined
    : 'is not an image repository such as ghcr.io/openclaw/openclaw (no tag)';

export function imageVersion(value: string): Complaint {
  if (value === 'latest') return 'must not be `latest`: nobody could say what runs, or go back to it';
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(?:@sha256:[0-9a-f]{64})?$/.test(value)
    ? undefined
    : 'is not an image tag, with or without @sha256:…';
}

/** What holds every key must be one image for ever: a tag alone is not enough. */
export const pinnedImage = (value: string): Complaint =>
  /^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}@sha256:[0-9a-f]{64}$/.test(
    value,
  )
    ? undefined
    : 'is not an image with tag and digest, such as registry.example.com/clincher:0.1.0@sha256:…';

export const hostName = (value: string): Complaint =>
  isHostName(value) ? undefined : 'is not a host name such as claw.example.com';

/** A name in Smokescreen's list: exact, or `*.` and everything below; it refuses other wildcards. */
export function egressDomain(value: string): Complaint {
  if (/^[a-z]+:\/\//i.test(value)) return 'is a URL; write the host name alone';
  if (/:\d+$/.test(value)) return 'has a port in it; every port of the host is meant, write the name alone';
  if (value === '*' || /^\*\.[a-z]+$/i.test(value)) return 'lets nearly everything out; name the hosts';
  const name = value.replace(/^\*\./, '');
  if (name.includes('*')) return 'may have a wildcard only as its first label: `*.example.com`';
  if (name !== name.toLowerCase()) return 'must be lower-case';
  if (isInside(value)) return INSIDE;
  if (name.split('.').some((label) => label.slice(2, 4) === '--' && !label.startsWith('xn--')))
    return 'has hyphens in the third and fourth place of a label, with which Smokescreen does not start; name `*.` and what follows it';
  return isAddress(name) || (isHostName(name) && name.includes('.')) ? undefined : 'is not a host name';
}

const INSIDE =
  'is a door inwards: whoever reaches it holds the Docker engine or the cloud account of this server';

/** Names by which a container finds its host, Docker, or the cloud's metadata; a wildcard must not cover them either. */
const INSIDE_NAMES = [
  'host.docker.internal',
  'gateway.docker.internal',
  'kubernetes.docker.internal',
  'metadata.google.internal',
  'metadata.azure.internal',
  'instance-data.ec2.internal',
];

const isInside = (domain: string): boolean =>
  domain.startsWith('*.')
    ? INSIDE_NAMES.some((name) => name.endsWith(domain.slice(1)))
    : INSIDE_NAMES.includes(domain) || overlapsMetadata(domain);

/** Where clouds hand out the machine's own credentials: link-local for nearly all, and three that are not. */
const METADATA = [
  '169.254.0.0/16',
  'fe80::/10',
  'fd00:ec2::/32',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
].map((range) => parseNetwork(range) as Network);

function overlapsMetadata(text: string): boolean {
  const range = parseNetwork(text);
  return range !== undefined && METADATA.some((one) => overlap(one, range));
}

/** A range that Smokescreen lets through although it is private. */
export function egressRange(value: string): Complaint {
  if (parseNetwork(value)?.prefix === 0)
    return 'opens every private network, this server included; name the one that is meant';
  if (overlapsMetadata(value))
    return 'holds the address where the cloud hands out this machine’s credentials (169.254.169.254 or its kin)';
  return network(value);
}

export const reason = (value: string): Complaint =>
  value.length >= 4 ? undefined : 'is too short to say anything; a sentence is wanted';

export const gitCommit = (value: string): Complaint =>
  /^[0-9a-f]{7,40}$/.test(value)
    ? undefined
    : 'is not a git commit (7 to 40 hexadecimal digits); tags can be moved';

/** All of it: a short one may come to mean two. */
export const wholeCommit = (value: string): Complaint =>
  /^[0-9a-f]{40}$/.test(value)
    ? undefined
    : 'is not a whole git commit (40 hexadecimal digits); a branch or a tag can be moved';

/** Where git fetches from: nothing but https, and no password in it. */
export function gitSource(value: string): Complaint {
  if (!/^https:\/\//.test(value)) return 'is not an https:// address of a git repository';
  if (/^https:\/\/[^/]*@/.test(value))
    return 'has a name or password in it; only public repositories are fetched';
  return /^https:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:\/[\w.~+-]+)+\/?$/.test(value)
    ? undefined
    : 'is not an https:// address of a git repository';
}

/** In a repository; the whole of it is `.`. */
export const repositoryPath = (value: string): Complaint =>
  value === '.' || /^[A-Za-z0-9_][\w.@+ -]*(?:\/[A-Za-z0-9_][\w.@+ -]*)*$/.test(value)
    ? undefined
    : 'is not a path in the repository, such as skills/review (no / in front, no ..)';

export const pinName = (value: string): Complaint =>
  /^[a-z][a-z0-9-]{0,39}$/.test(value) ? undefined : 'is not a name of lower-case letters, digits and -';

/** Of the containers that a server has itself, and of what clincher starts beside them: `openclaw-redis`. */
const TAKEN = ['litellm', 'redis', 'egress', 'caddy', 'tunnel', 'drill', 'sbx', 'all', 'shared'];

/** Without a hyphen: `a` and `a-redis` would have one container between them. */
export function partitionName(value: string): Complaint {
  if (TAKEN.includes(value)) return `\`${value}\` has a meaning of its own; choose another name`;
  return /^[a-z][a-z0-9]{0,15}$/.test(value)
    ? undefined
    : 'a partition’s name is lower-case letters and digits, begins with a letter and has at most 16 characters';
}

export const contentDigest = (value: string): Complaint =>
  /^[0-9a-f]{64}$/.test(value) ? undefined : 'is not the sha256 that the gate showed (64 hexadecimal digits)';

export const person = (value: string): Complaint =>
  value.trim() === '' ? 'is empty; a name is wanted' : undefined;

export const plainDate = (value: string): Complaint =>
  /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : 'is not a date such as 2026-11-27';

/** In UTC alone: a door is open for everybody or for nobody. */
export function expiry(value: string): Complaint {
  const isMoment = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z)?$/.test(value);
  const at = isMoment ? Date.parse(value) : Number.NaN;
  // 2026-02-30 would be taken for a day of March.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value.slice(0, 10))
    ? undefined
    : 'is neither a day such as 2026-12-31 nor a moment in UTC such as 2026-12-31T18:00Z';
}

export const timeZone = (value: string): Complaint =>
  /^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/.test(value) ? undefined : 'is not a time zone such as Europe/Berlin';

export const providerName = (value: string): Complaint =>
  /^[a-z][a-z0-9-]{0,39}$/.test(value)
    ? undefined
    : 'is not a provider name: lower-case letters, digits and -';

export const modelName = (value: string): Complaint =>
  /^[A-Za-z0-9][\w.:/@-]{0,127}$/.test(value)
    ? undefined
    : 'is not a model name such as anthropic/claude-opus-4-6';

export const period = (value: string): Complaint =>
  /^[1-9]\d*[smhd]$/.test(value) ? undefined : 'is not a period such as 24h or 30d';

export const plainWord = (value: string): Complaint =>
  /^[\w.:*@/-]{1,200}$/.test(value) ? undefined : 'is not one word of letters, digits and . _ : * @ / -';

export const envName = (value: string): Complaint =>
  /^[A-Z_][A-Z0-9_]*$/.test(value)
    ? undefined
    : 'is not the name of an environment variable such as BASE_RPC_URL';

/** Compose reads `$` in an environment file; a secret belongs into the vault. */
export function envValue(value: string): Complaint {
  if (looksLikeReference(value)) return secretReference(value);
  return /[$'"`\\]/.test(value)
    ? 'may not hold quotes, $ or \\; put it into the vault and refer to it'
    : undefined;
}

export const digits = (value: string): Complaint =>
  /^\d{1,20}$/.test(value) ? undefined : 'is not an id of digits (write it in quotes)';

export const email = (value: string): Complaint =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : 'is not an e-mail address';

/** Room for Docker's own address, the gateway and the proxy. */
export function proxySubnet(value: string): Complaint {
  const parsed = parseNetwork(value);
  if (parsed?.family !== 4 || !value.includes('/')) return 'is not an IPv4 network such as 172.16.253.0/28';
  if (parsed.prefix < 16 || parsed.prefix > 29) return 'must have a prefix from /16 to /29';
  if (!isPrivate(value) || overlapsMetadata(value)) return PUBLIC_SUBNET;
  return network(value);
}

const PUBLIC_SUBNET =
  'belongs to others; take a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 that nobody here uses';

/** What a browser sends as Origin: no path, not even a slash. */
export function origin(value: string): Complaint {
  const complaint = webAddress(value);
  if (complaint !== undefined) return complaint;
  const plain = new URL(value).origin;
  return value === plain ? undefined : `is more than an origin; did you mean \`${plain}\`?`;
}

export const attackName = (value: string): Complaint =>
  /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(value)
    ? undefined
    : 'is no name of an attack: lower-case letters, digits and -, at most 40 characters';

/** As attacks are judged: Unicode, whatever the case. What is wrong with it is said as JavaScript says it. */
export function regularExpression(value: string): Complaint {
  if (value === '') return 'is empty, and would match every answer';
  try {
    new RegExp(value, 'iu');
    return undefined;
  } catch (error) {
    return `is no regular expression: ${(error as Error).message.replace(/^Invalid regular expression: /, '')}`;
  }
}

/** Minute, hour, day of month, month, day of week. */
export const CRON_RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** Temporal reads day of month and day of week together as “and”, where cron means “or”: so only one of them. */
export const cronOrOff = (value: string): Complaint => {
  if (value === 'off') return undefined;
  const fields = value.trim().split(/\s+/);
  if (fields.length !== 5) return 'is neither `off` nor five fields such as `30 3 * * 0`';
  const wrong = fields.find((field, at) => !isCronField(field, CRON_RANGES[at]!));
  if (wrong !== undefined) return `has \`${wrong}\`, which is no field of cron there`;
  return fields[2] !== '*' && fields[4] !== '*'
    ? 'names a day of the month and a day of the week; name one'
    : undefined;
};

const isCronField = (field: string, [least, most]: readonly [number, number]): boolean =>
  field.split(',').every((part) => {
    const [, from, to, step] = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
    if (!/^(?:\*|\d)/.test(part) || (from === undefined && !part.startsWith('*'))) return false;
    const numbers = [from, to].filter((each) => each !== undefined).map(Number);
    return numbers.every((each) => each >= least && each <= most) && step !== '0';
  });
