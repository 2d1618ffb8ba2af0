import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { newIdentity, recipientOf } from '../../src/secrets/age.js';
import { seal, unseal } from '../../src/secrets/seal.js';
import { errorOf } from './folder.js';

let identity: string;
let recipient: string;

beforeAll(async () => {
  identity = await newIdentity();
  recipient = await recipientOf(identity);
});

test('what was sealed is opened, whatever it was', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary' }).filter((text) => !/\p{Surrogate}/u.test(text)),
      async (value) => {
        const sealed = await seal(value, recipient);
        expect(sealed).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
        if (value.length > 3) expect(sealed).not.toContain(value);
        expect(await unseal(sealed, identity)).toBe(value);
      },
    ),
    { numRuns: 25 },
  );
});

test('nobody else opens it', async () => {
  const error = await errorOf(unseal(await seal('hunter2', recipient), await newIdentity()));
  expect(error).toMatchObject({ code: 'ANSWER_INVALID' });
});

test.each(['', 'hunter2', '-----BEGIN AGE ENCRYPTED FILE-----'])('%j is no sealed text', async (text) => {
  const error = await errorOf(unseal(text, identity));
  expect(error.code).toBe('ANSWER_INVALID');
  expect(error.message).not.toContain('hunter2');
});

test('a damaged one is refused', async () => {
  const sealed = await seal('hunter2', recipient);
  const damaged = sealed.replace(
    /(.)\n-----END/,
    (_, char: string) => `${char === 'A' ? 'B' : 'A'}\n-----END`,
  );
  expect(damaged).not.toBe(sealed);
  expect((await errorOf(unseal(damaged, identity))).code).toBe('ANSWER_INVALID');
});

test('it is sealed to age keys only', async () => {
  expect((await errorOf(seal('hunter2', 'ssh-ed25519 AAAA'))).message).not.toContain('hunter2');
});
