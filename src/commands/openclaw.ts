// OpenClaw's own command line, inside the gateway's container, and how its answers are read.
import type { Command, Fact, Reading } from '../model.js';

export const CONTAINER = 'openclaw';

/** What the command line writes, if only by looking, is for its user alone, as what the gateway writes is. */
const SHUT = 'umask 077 &&';

/** The gateway's token goes from its secrets file into the environment there: never through an argument, never out here. */
const WITH_TOKEN = `${SHUT} OPENCLAW_GATEWAY_TOKEN=$(node -p 'JSON.parse(require("fs").readFileSync("/home/node/.config/clincher/secrets.json")).gatewayToken') exec openclaw "$@"`;

/** For what asks the running gateway. */
export const asked = (...words: string[]): Command => [
  ...['docker', 'exec', CONTAINER, 'sh', '-c', WITH_TOKEN, 'openclaw'],
  ...words,
];

/** For what reads files and settings alone. */
export const offline = (...words: string[]): Command => [
  ...['docker', 'exec', CONTAINER, 'sh', '-c', `${SHUT} exec openclaw "$@"`, 'openclaw'],
  ...words,
];

/** Around the JSON of the answer stand lines of the log, which newer versions write as JSON too. */
export function jsonOf({ stdout, stderr }: Reading): unknown {
  const said = stdout.split('\n').filter((line) => !line.startsWith('{"time"'));
  const text = said.slice(said.findIndex((line) => /^[[{]/.test(line))).join('\n');
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(lastLine(stderr) || lastLine(stdout) || 'openclaw said nothing');
  }
}

/** What went wrong; below it stand where it looked for the gateway, and the frames of its stack. */
function lastLine(text: string): string {
  const lines = text
    .trim()
    .split('\n')
    .filter((line) => !/^\s+at /.test(line));
  const line = lines.find((each) => /error\b|timeout|timed out/i.test(each)) ?? lines.at(-1);
  return line?.slice(0, 300) ?? '';
}

type Answer = Record<string, unknown>;

function object(value: unknown): Answer {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Answer;
  throw new Error('openclaw answered something else than an object');
}

function list(value: unknown): Answer[] {
  if (Array.isArray(value)) return value.map(object);
  throw new Error('openclaw answered something else than a list');
}

const fact = <T>(read: Command, parse: (answer: Answer) => T): Fact<T> => ({
  read,
  parse: (reading) => parse(object(jsonOf(reading))),
});

/** `OpenClaw 2026.3.13 (abc1234)` */
export const version: Fact<string> = {
  read: offline('--version'),
  parse({ stdout, stderr }) {
    const found = /\b\d{4}\.\d+\.\d+\b/.exec(stdout)?.[0];
    if (found === undefined) throw new Error(lastLine(stderr) || `no version in “${lastLine(stdout)}”`);
    return found;
  },
};

export interface Finding {
  checkId: string;
  severity: 'critical' | 'warn' | 'info';
  title: string;
  detail: string;
}

const SEVERITIES: readonly unknown[] = ['critical', 'warn', 'info'];

/**
 * What the audit finds. It ends with 0 whatever it finds, so only its findings tell. Without the token: newer versions
 * warn of one in the environment.
 */
export const audit: Fact<Finding[]> = fact(offline('security', 'audit', '--deep', '--json'), ({ findings }) =>
  list(findings).map(({ checkId, severity, title, detail }) => {
    if (!SEVERITIES.includes(severity)) throw new Error(`an audit finding is ${String(severity)}`);
    return {
      checkId: String(checkId),
      severity: severity as Finding['severity'],
      title: String(title),
      detail: String(detail ?? ''),
    };
  }),
);

export interface Validation {
  isValid: boolean;
  /** `path: message`, one each. */
  issues: string[];
}

export const validation: Fact<Validation> = fact(offline('config', 'validate', '--json'), (said) => {
  if (typeof said['valid'] !== 'boolean')
    throw new Error('openclaw did not say whether its configuration is valid');
  const issues = list(said['issues'] ?? []).map(({ path, message }) => `${String(path)}: ${String(message)}`);
  return { isValid: said['valid'], issues };
});

export interface Plugin {
  id: string;
  /** `loaded`, `disabled`, `error`. */
  status: string;
  error?: string | undefined;
}

export const plugins: Fact<Plugin[]> = fact(offline('plugins', 'list', '--json'), ({ plugins: found }) =>
  list(found).map(({ id, status, error }) => ({
    id: String(id),
    status: String(status),
    ...(error === undefined ? {} : { error: String(error) }),
  })),
);

export interface Skill {
  name: string;
  /** Where it was found: `openclaw-extra`, `openclaw-bundled`, `openclaw-workspace`, … */
  source: string;
  /** The model is told of it. */
  isOffered: boolean;
  /** Programs, variables or settings without which it is not. */
  lacks: string[];
}

export const skills: Fact<Skill[]> = fact(offline('skills', 'list', '--json'), ({ skills: found }) =>
  list(found).map(({ name, source, eligible, disabled, blockedByAllowlist, modelVisible, missing }) => {
    if (typeof eligible !== 'boolean')
      throw new Error(`openclaw does not say whether ${String(name)} is offered`);
    const isOffered = eligible && disabled !== true && blockedByAllowlist !== true && modelVisible !== false;
    const lacks = Object.values(object(missing ?? {})).flatMap((each) =>
      Array.isArray(each) ? each.map(String) : [],
    );
    return { name: String(name), source: String(source), isOffered, lacks };
  }),
);

export interface Health {
  isOk: boolean;
  /** By channel: whether its service answered the gateway. */
  channels: Record<string, { isConfigured: boolean; isProbed: boolean; error?: string | undefined }>;
}

export const health: Fact<Health> = fact(asked('health', '--json'), ({ ok, channels }) => {
  if (typeof ok !== 'boolean') throw new Error('the gateway did not say how it is');
  const named = Object.entries(object(channels ?? {})).map(([name, value]) => {
    const { configured, probe } = object(value);
    const { ok: isProbed, error } = object(probe ?? {});
    const why = typeof error === 'string' ? { error } : {};
    return [name, { isConfigured: configured === true, isProbed: isProbed === true, ...why }] as const;
  });
  return { isOk: ok, channels: Object.fromEntries(named) };
});

export interface Device {
  id: string;
  platform: string;
  role: string;
  scopes: string[];
}

/** Names are of the device's own choice. */
export interface DeviceRequest extends Device {
  requestId: string;
  name: string;
  /** Where it came from, as the gateway saw it; empty: from the gateway's own machine. */
  address: string;
  requestedAt: string;
}

export interface Devices {
  pending: DeviceRequest[];
  paired: Device[];
}

const device = ({ deviceId, platform, role, scopes }: Answer): Device => ({
  id: String(deviceId),
  platform: String(platform ?? ''),
  role: String(role ?? ''),
  scopes: Array.isArray(scopes) ? scopes.map(String) : [],
});

/** Ids come back to us as words of a command: one that could be read as a flag, or as nothing, is no id. */
function word(value: unknown): string {
  if (typeof value === 'string' && /^[\w+@:.][\w+@:.=-]{0,199}$/.test(value)) return value;
  throw new Error('openclaw lists a request without a usable id');
}

const deviceRequest = (each: Answer): DeviceRequest => ({
  ...device(each),
  id: word(each['deviceId']),
  requestId: word(each['requestId']),
  name: [each['displayName'], each['clientId']].filter(Boolean).map(String).join(', '),
  address: String(each['remoteIp'] ?? ''),
  requestedAt: new Date(Number(each['ts'])).toISOString(),
});

/** Its own ten seconds are too few on a small host that is busy. */
const PATIENTLY = ['--timeout', '60000'];

/** Browsers and command lines that may operate the gateway, and those that ask to. */
export const devices: Fact<Devices> = fact(
  asked('devices', 'list', '--json', ...PATIENTLY),
  ({ pending, paired }) => ({
    pending: list(pending).map(deviceRequest),
    paired: list(paired).map(device),
  }),
);

export const approveDevice = (requestId: string): Command =>
  asked('devices', 'approve', requestId, '--json', ...PATIENTLY);

export const rejectDevice = (requestId: string): Command =>
  asked('devices', 'reject', requestId, '--json', ...PATIENTLY);

export interface Waiting {
  /** The sender's id at the channel. */
  sender: string;
  /** As they call themselves there. */
  name: string;
  code: string;
  createdAt: string;
}

const NAMES = ['username', 'firstName', 'lastName', 'name', 'tag'];

const nameOf = (meta: Answer): string =>
  NAMES.flatMap((key) => (typeof meta[key] === 'string' ? [meta[key]] : [])).join(' ');

/** People who wrote to the bot and wait to be let in. */
export const pairingRequests = (channel: string): Fact<Waiting[]> =>
  fact(asked('pairing', 'list', channel, '--json'), ({ requests }) =>
    list(requests).map(({ id, code, createdAt, meta }) => ({
      sender: word(id),
      name: nameOf(object(meta ?? {})),
      code: word(code),
      createdAt: new Date(String(createdAt)).toISOString(),
    })),
  );

/** One person, by the code that the bot gave them. */
export const approvePairing = (channel: string, code: string): Command =>
  asked('pairing', 'approve', channel, code);
