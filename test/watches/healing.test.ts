// What the watchdog restarts by itself, and where it stops.
import { expect, it } from 'vitest';
import type { Heal, KeyedSymptom } from '../../src/model.js';
import { toHeal, tooOften } from '../../src/workflows/healing.js';
import { server } from '../steps/fixture.js';

const MINUTE = 60_000;
const NOW = 100 * MINUTE;
const sick = (service: string): KeyedSymptom => ({
  ...{ key: `watch.services:${service}`, about: service, level: 'critical', text: `${service} is sick` },
  ...{ remedy: [], heals: service },
});
const seen = (...services: string[]) => ({ symptoms: services.map(sick) });
const healed = (service: string, ...minutesAgo: number[]): Heal[] =>
  minutesAgo.map((minutes) => ({ service, atMs: NOW - minutes * MINUTE }));

it('nothing that is well', () => expect(toHeal({ symptoms: [] }, healed('redis', 5), NOW)).toBeUndefined());

it('each service three times an hour, then it asks once, then it is silent', () => {
  expect(toHeal(seen('litellm'), healed('litellm', 10, 5), NOW)).toEqual({
    services: ['litellm'],
    asks: false,
  });
  const three = healed('litellm', 15, 10, 5);
  expect(toHeal(seen('litellm'), three, NOW)).toEqual({ services: ['litellm'], asks: true });
  expect(toHeal(seen('litellm'), [...three, ...healed('litellm', 1)], NOW)).toBeUndefined();
});

it('after an hour it begins again', () =>
  expect(toHeal(seen('litellm'), healed('litellm', 61, 10, 5), NOW)).toMatchObject({ asks: false }));

it('one that does not help keeps no other from being helped', () => {
  const three = healed('litellm', 15, 10, 5);
  expect(toHeal(seen('litellm', 'redis'), three, NOW)).toEqual({ services: ['redis'], asks: false });
});

it('that it stops is an alert of its own, for as long as the service is sick', () => {
  const three = healed('litellm', 15, 10, 5);
  expect(tooOften(seen('litellm'), three, server(), NOW)).toMatchObject([
    { key: 'watch.heal:litellm', level: 'critical' },
  ]);
  expect(tooOften(seen('litellm'), healed('litellm', 15, 10), server(), NOW)).toEqual([]);
  expect(tooOften(seen('redis'), three, server(), NOW)).toEqual([]);
});
