// Each word of a drill's answer that is not as it should be makes exactly its own check fail.
import { expect, it } from 'vitest';
import { judgeDrill } from '../../src/checks/drill.js';
import type { Drill } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';

const server = fixtureServer();
const GOOD: Drill & { answer: NonNullable<Drill['answer']> } = {
  ...{ backup: '20261127T030000Z', restoreMs: 400, bootMs: 9000 },
  answer: {
    ...{ ready: 200, anonymous: 401, token: 200, memory: 'known', authMode: 'token' },
    ...{ valid: true, doctor: 1, version: 'OpenClaw 2026.3.13' },
  },
};
const failing = (answer: Partial<NonNullable<Drill['answer']>>): string[] =>
  judgeDrill({ ...GOOD, answer: { ...GOOD.answer, ...answer } }, server)
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ id }) => id);

it('a good answer passes, and says how long it took', () => {
  expect(failing({})).toEqual([]);
  expect(judgeDrill(GOOD, server)[0]?.evidence[0]).toBe(
    '20261127T030000Z: restored in 0.4 s, ready 9.0 s later (OpenClaw 2026.3.13)',
  );
});

it.each<[Partial<NonNullable<Drill['answer']>>, string]>([
  [{ ready: 503 }, 'drill.boots'],
  [{ ready: 'ECONNREFUSED' }, 'drill.boots'],
  [{ token: 401 }, 'drill.token'],
  [{ anonymous: 200 }, 'drill.token'],
  [{ valid: false }, 'drill.settings'],
  [{ authMode: 'none' }, 'drill.settings'],
  [{ memory: 'unlike' }, 'drill.memory'],
  [{ memory: 'status 500' }, 'drill.memory'],
])('%o: %s', (answer, id) => expect(failing(answer)).toEqual([id]));

it('a memory that is off is missed only where it is wanted', () => {
  const off = { ...GOOD, answer: { ...GOOD.answer, memory: 'off' } };
  const verdict = (enabled: boolean) =>
    judgeDrill(off, { ...server, memory: { ...server.memory, enabled } }).at(-1)?.verdict;
  expect([verdict(true), verdict(false)]).toEqual(['fail', 'pass']);
});
