// Who waits to be let in, over every channel and device, and the words that let exactly one in or turn it away.
import { ClincherError } from '../errors.js';
import type {
  Command,
  Fact,
  PairingDecision,
  PairingNow,
  PairingRequest,
  Reading,
  Server,
} from '../model.js';
import {
  approveDevice,
  approvePairing,
  type Devices,
  devices,
  pairingRequests,
  rejectDevice,
  type Waiting,
} from './openclaw.js';

/** OpenClaw's own: it tells nobody when a request ends. */
const PERSON_MS = 60 * 60_000;
const DEVICE_MS = 5 * 60_000;

const BY_CODE = ['telegram', 'discord', 'slack'] as const;

/** Channels that answer a stranger with a code, as they are configured. */
export const codeChannels = ({ channels }: Server): string[] =>
  BY_CODE.filter((name) => channels[name].enabled);

/** Where requests wait: `device`, or a channel. */
type Place = PairingRequest['channel'];

export const places = (server: Server): Place[] => ['device', ...codeChannels(server)];

/** One command a place; in the order that `pairingNow` wants the answers in. */
export const pairingReads = (where: readonly Place[]): Command[] =>
  where.map((place) => (place === 'device' ? devices : pairingRequests(place)).read);

/** What cannot be asked hides nothing of what can: a channel whose plugin is broken must not hide a device. */
export function pairingNow(where: readonly Place[], readings: readonly Reading[]): PairingNow {
  const seen = where.map((place, i) => (place === 'device' ? ofDevices : ofChannel(place))(readings[i]));
  const requests = seen.flatMap((each) => each.requests ?? []);
  return {
    requests: requests.sort((a, b) => a.requestedAt.localeCompare(b.requestedAt)),
    pairedDevices: seen.flatMap((each) => each.paired ?? []),
    unknown: seen.flatMap(({ unknown }) => unknown ?? []),
  };
}

interface Seen {
  requests?: PairingRequest[];
  paired?: string[];
  unknown?: string;
}

function ofDevices(reading: Reading | undefined): Seen {
  const { value, ...rest } = answered('devices', devices, reading);
  if (value === undefined) return rest;
  return { requests: value.pending.map(device), paired: value.paired.map(({ id }) => id) };
}

const ofChannel =
  (channel: Place) =>
  (reading: Reading | undefined): Seen => {
    const { value, ...rest } = answered(channel, pairingRequests(channel), reading);
    return value === undefined ? rest : { requests: value.map((each) => person(channel, each)) };
  };

function answered<T>(
  what: string,
  fact: Fact<T>,
  reading: Reading | undefined,
): { value?: T; unknown?: string } {
  try {
    if (!reading) throw new Error('it was not read');
    return { value: fact.parse(reading) };
  } catch (error) {
    return { unknown: `${what}: ${(error as Error).message}` };
  }
}

const later = (iso: string, ms: number): string => new Date(Date.parse(iso) + ms).toISOString();

const person = (channel: string, { sender, name, code, createdAt }: Waiting): PairingRequest => ({
  ...{ id: code, kind: 'person', channel, subject: sender, name, asks: [] },
  requestedAt: createdAt,
  expiresAt: later(createdAt, PERSON_MS),
});

const device = (each: Devices['pending'][number]): PairingRequest => ({
  ...{ id: each.requestId, kind: 'device', channel: 'device', subject: each.id },
  name: [each.name, each.platform, each.address].filter(Boolean).join(', '),
  asks: [each.role, ...each.scopes].filter(Boolean),
  requestedAt: each.requestedAt,
  expiresAt: later(each.requestedAt, DEVICE_MS),
});

/** Codes are read out and typed: their case does not matter. Ids are copied. */
export function findRequest(now: PairingNow, id: string): PairingRequest | undefined {
  const typed = id.trim();
  const found = now.requests.filter((each) =>
    each.kind === 'person' ? each.id.toUpperCase() === typed.toUpperCase() : each.id === typed,
  );
  return found.length === 1 ? found[0] : undefined;
}

/** Still the very one: same code, and the same person or device behind it. */
export const stillWaits = (now: PairingNow, { id, channel, subject }: PairingRequest): boolean =>
  now.requests.some((each) => each.id === id && each.channel === channel && each.subject === subject);

/** Nothing where it is as it was decided; else what is not. A channel tells nobody who was let in, only who waits. */
export function undecided(now: PairingNow, { act, request }: PairingDecision): string | undefined {
  if (now.unknown.length > 0) return now.unknown.join('; ');
  if (stillWaits(now, request)) return 'the request still waits';
  const isMissing = request.kind === 'device' && !now.pairedDevices.includes(request.subject);
  return act === 'approve' && isMissing ? 'the device is not among those that are paired' : undefined;
}

export function decisionWords({ act, request: { kind, channel, id } }: PairingDecision): Command {
  if (kind === 'device') return act === 'approve' ? approveDevice(id) : rejectDevice(id);
  if (act === 'approve') return approvePairing(channel, id);
  throw new ClincherError('USAGE', 'OpenClaw cannot turn a person away: the request ends by itself.');
}

/** `let 4242 in over telegram`: no name, since strangers choose theirs. */
export const decisionTitle = ({ act, request: { kind, channel, subject } }: PairingDecision): string => {
  const who = kind === 'device' ? `device ${subject.slice(0, 12)}` : `${channel} sender ${subject}`;
  return act === 'approve' ? `${who} is let in` : `${who} is turned away`;
};
