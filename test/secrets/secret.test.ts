import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from '../../src/secrets/secret.js';

const secret = new Secret('hunter2');
const SHOWN = '«secret sha256:f52f…»';

test.each([
  ['a string', `${secret}`],
  ['JSON', JSON.parse(JSON.stringify({ secret })).secret],
  ['the console', inspect(secret)],
  ['the console, inside', inspect({ a: [secret] }, { depth: 9, showHidden: true }).match(/«.*»/)?.[0]],
])('as %s it is a fingerprint', (_, text) => expect(text).toBe(SHOWN));

test('nothing but reveal() gives the value', () => {
  expect(secret.reveal()).toBe('hunter2');
  expect(secret.fingerprint).toBe('sha256:f52f…');
  const everything = [
    Object.keys(secret),
    Object.values(secret),
    structuredClone({ ...secret }),
    Object.getOwnPropertyNames(secret),
  ];
  expect(inspect(everything, { depth: 9, showHidden: true })).not.toContain('hunter2');
});
