// Links: to one gate or to all, in one browser, for one answer, for a time; and whoever makes them may be another process.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Links } from '../../src/page/links.js';
import { errorOf, folder } from '../secrets/folder.js';
import { key, tokenOf } from './stage.js';

const AT = { server: 'prod', run: 'prod-3f2a', gate: 'sure', openedAt: '2026-11-22T12:00:00.000Z' };
const MINUTE = 60_000;

function bench() {
  const clock = { now: 1_000_000_000_000 };
  const file = join(folder(), 'page-links.json');
  const make = (): Links => new Links(file, 'https://ops', () => clock.now);
  return { clock, file, make, links: make() };
}

test('the token is behind the #, and different each time', async () => {
  const { links, file } = bench();
  const [one, other] = [await links.mint(), await links.mint(AT)];
  expect(one).toMatch(/^https:\/\/ops\/#[\w-]{43}$/);
  expect(tokenOf(one)).not.toBe(tokenOf(other));
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a worker that was started anew knows it, and in whose browser it is open', async () => {
  const { links, make } = bench();
  const token = tokenOf(await links.mint(AT));
  expect(await links.open({ token, key: key('a') })).toMatchObject({ at: AT });
  const later = make();
  expect(await later.open({ token, key: key('a') })).toMatchObject({ at: AT });
  expect(await errorOf(later.open({ token, key: key('b') }))).toMatchObject({ code: 'LINK_USED' });
});

test('of two browsers at once one has it', async () => {
  const { links, make } = bench();
  const token = tokenOf(await links.mint());
  const tries = await Promise.allSettled(
    ['a', 'b', 'c', 'd'].map((letter) => make().open({ token, key: key(letter) })),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test.each([
  ['to all, unopened', undefined, 9, 11],
  ['to a gate, unopened', AT, 23 * 60, 25 * 60],
] as const)('ends: %s', async (_, at, good, late) => {
  const { links, clock } = bench();
  const [kept, old] = [tokenOf(await links.mint(at)), tokenOf(await links.mint(at))];
  clock.now += good * MINUTE;
  await links.open({ token: kept, key: key('a') });
  clock.now += (late - good) * MINUTE;
  expect(await errorOf(links.open({ token: old, key: key('a') }))).toMatchObject({ code: 'LINK_EXPIRED' });
});

test.each([
  ['to all, opened', undefined, 8 * 60],
  ['to a gate, opened', AT, 60],
] as const)('ends: %s', async (_, at, minutes) => {
  const { links, clock } = bench();
  const ticket = { token: tokenOf(await links.mint(at)), key: key('a') };
  await links.open(ticket);
  clock.now += (minutes - 1) * MINUTE;
  await links.open(ticket);
  clock.now += 2 * MINUTE;
  expect(await errorOf(links.open(ticket))).toMatchObject({ code: 'LINK_EXPIRED' });
});

test('is over with its answer, and forgotten some days later', async () => {
  const { links, clock } = bench();
  const ticket = { token: tokenOf(await links.mint(AT)), key: key('a') };
  await links.open(ticket);
  await links.spend(ticket);
  expect(await errorOf(links.open(ticket))).toMatchObject({
    code: 'LINK_USED',
    message: /has answered its gate/,
  });
  clock.now += 3 * 24 * 60 * MINUTE;
  await links.mint();
  expect(await errorOf(links.open(ticket))).toMatchObject({ code: 'LINK_INVALID' });
});
