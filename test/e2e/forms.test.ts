import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { LabHost } from '../lab/lab.js';
import { seeded } from './chance.js';
import { differences } from './facts.js';
import { foundIn, needle } from './forms.js';
import { writtenBy } from './once.js';

const secret = `canary-${randomBytes(12).toString('base64url')}+/&`;
const needles = [needle('secret', secret)];

test.each([
  ['in clear', (text: string) => text],
  ['base64', (text: string) => Buffer.from(text).toString('base64')],
  ['base64, one byte later', (text: string) => Buffer.from(`.${text}`).toString('base64')],
  ['base64, two bytes later', (text: string) => Buffer.from(`..${text}`).toString('base64')],
  ['hex', (text: string) => Buffer.from(text).toString('hex')],
  ['URL-encoded', (text: string) => encodeURIComponent(text)],
])('a secret is found %s', (_, disguise) => {
  expect(foundIn(Buffer.from(`before ${disguise(`{"token":"${secret}"}`)} after`), needles)).toEqual([
    'secret',
  ]);
});

test('what is not the secret is not found', () => {
  expect(foundIn(Buffer.from(`canary-${randomBytes(12).toString('base64url')}`), needles)).toEqual([]);
});

test('two hosts differ by the lines that only one of both has', () => {
  const one = new Map([
    ['users', 'root\ndeploy'],
    ['packages', 'ufw'],
  ]);
  const other = new Map([
    ['users', 'root\nmallory'],
    ['packages', 'ufw'],
  ]);
  expect(differences(one, other)).toEqual([{ name: 'users', lines: ['- deploy', '+ mallory'] }]);
});

test('the same seed gives the same numbers', () => {
  const [a, b] = [seeded(7), seeded(7)];
  expect([a(), a(), a()]).toEqual([b(), b(), b()]);
  expect(seeded(8)()).not.toBe(seeded(7)());
});

test('a change that a host wrote down twice is found, and so is a package that was unpacked twice', async () => {
  const says = (line: string): string =>
    line.includes('dpkg')
      ? 'install ufw:all\nconfigure ufw:all\ninstall ufw:all\n'
      : 'run-1 ada base.user create\nrun-1 ada base.user create\n';
  const host = { exec: async (line: string) => ({ stdout: says(line), stderr: '', code: 0 }) };
  expect((await writtenBy(host as unknown as LabHost)).twice).toEqual([
    'run-1 ada base.user create',
    'install ufw:all',
  ]);
});
