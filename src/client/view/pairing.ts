// Who waits to be let in, for people. Names are those that strangers gave themselves, and are shown as such.
import type { PairingNow, PairingRequest } from '../../model.js';
import { paint, type View } from './style.js';
import { table } from './table.js';
import { cut, safe } from './text.js';
import { ago, duration } from './time.js';

const MAX_NAME = 40;

/** Whose gateway it is. */
export interface Gateway {
  server: string;
  partition?: string | undefined;
}

export function pairingView(
  { server, partition }: Gateway,
  now: PairingNow,
  view: View,
  at: number,
): string[] {
  const name = partition === undefined ? server : `${server}/${partition}`;
  const words = partition === undefined ? `-s ${server}` : `-s ${server} --partition ${partition}`;
  const count = now.pairedDevices.length;
  const paired = `${count} ${count === 1 ? 'device is' : 'devices are'} paired`;
  const unknown = now.unknown.map((line) => paint(view, 'yellow', `  unknown: ${safe(line)}`));
  if (now.requests.length === 0) return [`${name}  nobody waits; ${paired}`, ...unknown];
  const rows = now.requests.map((each) => row(each, view, at));
  return [
    `${name}  ${now.requests.length} waiting; ${paired}`,
    ...table([['  ID', 'WHO', 'ASKED', 'ENDS', 'CALLS ITSELF'], ...rows], view),
    ...unknown,
    `Let one in whom you know: clincher pairing approve <id> ${words}`,
  ];
}

const row = (each: PairingRequest, view: View, at: number): string[] => [
  `  ${safe(each.id)}`,
  subject(each),
  ago(each.requestedAt, at),
  ends(each, at),
  [cut(safe(each.name), MAX_NAME, view), each.asks.length > 0 ? `(${safe(each.asks.join(' '))})` : '']
    .filter(Boolean)
    .join(' '),
];

const subject = ({ kind, channel, subject: id }: PairingRequest): string =>
  kind === 'device' ? `device ${safe(id.slice(0, 12))}` : `${channel} ${safe(id)}`;

const ends = ({ expiresAt }: PairingRequest, at: number): string => {
  const left = Date.parse(expiresAt) - at;
  return left > 0 ? `in ${duration(left)}` : 'now';
};

/** Everything that is known of one, before a person says yes. */
export function whoIs(each: PairingRequest, view: View, at: number): string[] {
  const rights =
    each.kind === 'device'
      ? `may operate the gateway: ${safe(each.asks.join(' ')) || 'what it asks for is not said'}`
      : 'may talk to OpenClaw; where nobody was let in before, newer versions make the first one the owner of its commands';
  return [
    `${paint(view, 'bold', subject({ ...each, subject: each.subject }))}  asked ${ago(each.requestedAt, at)}, ends ${ends(each, at)}`,
    `  calls itself “${cut(safe(each.name), 200, view)}”, which nobody has checked`,
    `  ${rights}`,
  ];
}
