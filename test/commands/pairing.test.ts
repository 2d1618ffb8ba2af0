// Who waits, from what OpenClaw answered; exactly one is decided on, and only the one that a person saw.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  decisionTitle,
  decisionWords,
  findRequest,
  pairingNow,
  pairingReads,
  places,
  stillWaits,
  undecided,
} from '../../src/commands/pairing.js';
import type { PairingRequest, Reading } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';
import { answer } from './answer.js';

const said = (name: string): Reading =>
  answer(readFileSync(join(import.meta.dirname, 'openclaw', `${name}.txt`), 'utf8'), 0);

const server = fixtureServer();
server.channels.telegram.enabled = true;
server.channels.discord.enabled = false;
const now = pairingNow(places(server), [said('devices-waiting-2026.3'), said('pairing-waiting-2026.3')]);
const [person, device] = now.requests as [PairingRequest, PairingRequest];

describe('who waits', () => {
  it('asks for devices and for the channels that are on, each by one command', () => {
    expect(pairingReads(places(server)).map((words) => words.slice(7, 11).join(' '))).toEqual([
      'devices list --json --timeout',
      'pairing list telegram --json',
    ]);
  });

  it('is people and devices, oldest first, with who they are and when it ends', () => {
    expect(now.unknown).toEqual([]);
    expect(person).toEqual({
      ...{ id: 'K7QX2M9P', kind: 'person', channel: 'telegram', subject: '4242', name: 'ada', asks: [] },
      ...{ requestedAt: '2026-11-27T06:30:00.000Z', expiresAt: '2026-11-27T07:30:00.000Z' },
    });
    expect(device).toMatchObject({
      id: '84ad2cac-e162-4791-bb23-1567612b4064',
      kind: 'device',
      name: 'cli, linux, 172.18.0.6',
      asks: [
        'operator',
        'operator.admin',
        'operator.read',
        'operator.write',
        'operator.approvals',
        'operator.pairing',
      ],
    });
    expect(Date.parse(device.expiresAt) - Date.parse(device.requestedAt)).toBe(300_000);
    expect(now.pairedDevices).toHaveLength(1);
  });

  it('is read from what newer versions answer too, where a device has a name and no scopes', () => {
    const newer = pairingNow(places(server), [
      said('devices-waiting-2026.9'),
      said('pairing-waiting-2026.9'),
    ]);
    expect(newer.unknown).toEqual([]);
    expect(newer.requests).toMatchObject([
      { id: 'BX36WZ5M', subject: '777', name: 'ada Ada\u001b[2J' },
      { kind: 'device', name: 'Pixel, node-host, linux, 172.18.0.6', asks: ['node'] },
    ]);
    expect(newer.pairedDevices).toHaveLength(2);
  });

  it('a channel that cannot be asked is unknown, and hides nobody else', () => {
    const broken = pairingNow(places(server), [
      said('devices-waiting-2026.3'),
      answer('', 1, 'Error: no such channel'),
    ]);
    expect(broken.unknown).toEqual(['telegram: Error: no such channel']);
    expect(broken.requests.map(({ kind }) => kind)).toEqual(['device']);
    expect(pairingNow(places(server), []).unknown).toHaveLength(2);
    const slow =
      'gateway timeout after 60000ms\nGateway target: ws://127.0.0.1:18789\nBind: lan\n    at x (y:1:2)\n';
    expect(pairingNow(places(server), [answer('', 1, slow)]).unknown[0]).toBe(
      'devices: gateway timeout after 60000ms',
    );
  });

  it.each(['--latest', '', 'a b', '$(id)', null])(
    'an id like %j is none: it would become a word of a command',
    (code) => {
      const text = said('pairing-waiting-2026.3').stdout.replace('"K7QX2M9P"', JSON.stringify(code));
      const seen = pairingNow(places(server), [said('devices-waiting-2026.3'), answer(text, 0)]);
      expect(seen.requests.map(({ kind }) => kind)).toEqual(['device']);
      expect(seen.unknown).toHaveLength(1);
    },
  );
});

describe('the one that is meant', () => {
  it('by its code in any case, or by its whole id', () => {
    expect(findRequest(now, ' k7qx2m9p ')).toBe(person);
    expect(findRequest(now, device.id)).toBe(device);
    for (const id of ['', 'K7QX2M9', device.id.slice(0, 8), '4242', 'all'])
      expect(findRequest(now, id)).toBeUndefined();
  });

  it('is nobody when two have the same code', () => {
    const twice = { ...now, requests: [person, { ...person, channel: 'slack' }] };
    expect(findRequest(twice, person.id)).toBeUndefined();
  });

  it('waits no more when somebody else has come by that code', () => {
    expect(stillWaits(now, person)).toBe(true);
    expect(stillWaits(now, { ...person, subject: '666' })).toBe(false);
    expect(stillWaits(now, { ...person, channel: 'slack' })).toBe(false);
  });

  it('is proved: gone from those who wait, and a device is among the paired', () => {
    const gone = { ...now, requests: [] };
    expect(undecided(gone, { act: 'approve', request: person })).toBeUndefined();
    expect(undecided(now, { act: 'approve', request: person })).toBe('the request still waits');
    expect(undecided(gone, { act: 'approve', request: device })).toMatch(/not among those that are paired/);
    expect(undecided(gone, { act: 'reject', request: device })).toBeUndefined();
    const paired = { ...gone, pairedDevices: [device.subject] };
    expect(undecided(paired, { act: 'approve', request: device })).toBeUndefined();
    expect(undecided({ ...gone, unknown: ['telegram: silent'] }, { act: 'approve', request: person })).toBe(
      'telegram: silent',
    );
  });

  it('is named in the words of a command that knows no more than one', () => {
    const words = (act: 'approve' | 'reject', request: PairingRequest): string =>
      decisionWords({ act, request }).slice(7).join(' ');
    expect(words('approve', person)).toBe('pairing approve telegram K7QX2M9P');
    expect(words('approve', device)).toBe(`devices approve ${device.id} --json --timeout 60000`);
    expect(words('reject', device)).toBe(`devices reject ${device.id} --json --timeout 60000`);
    expect(() => words('reject', person)).toThrow(/ends by itself/);
  });

  it('is told without the name that it gave itself: that goes into logs', () => {
    expect(decisionTitle({ act: 'approve', request: { ...person, name: 'root\n' } })).toBe(
      'telegram sender 4242 is let in',
    );
  });
});
