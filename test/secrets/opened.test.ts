import { expect, test } from 'vitest';
import { encrypt, newIdentity, recipientOf } from '../../src/secrets/age.js';
import { decryptOnce } from '../../src/secrets/opened.js';

const sealedTo = async (identity: string, text: string): Promise<string> =>
  encrypt(text, [await recipientOf(identity)]);

test('the same text is opened once, however many ask at a time', async () => {
  const mine = await newIdentity();
  const sealed = await sealedTo(mine, 'first');
  expect(decryptOnce(sealed, [mine])).toBe(decryptOnce(sealed, [mine]));
  expect(await decryptOnce(sealed, [mine])).toBe('first');
});

test('what was written since is another text', async () => {
  const mine = await newIdentity();
  await decryptOnce(await sealedTo(mine, 'first'), [mine]);
  expect(await decryptOnce(await sealedTo(mine, 'second'), [mine])).toBe('second');
});

test('what was opened for one key stays shut for another, and is tried again', async () => {
  const [mine, other] = [await newIdentity(), await newIdentity()];
  const sealed = await sealedTo(mine, 'first');
  await decryptOnce(sealed, [mine]);
  const refused = decryptOnce(sealed, [other]);
  await expect(refused).rejects.toThrow();
  expect(decryptOnce(sealed, [other])).not.toBe(refused);
  await expect(decryptOnce(sealed, [other])).rejects.toThrow();
});

test('few are kept', async () => {
  const mine = await newIdentity();
  const all = await Promise.all(Array.from({ length: 5 }, (_, i) => sealedTo(mine, `text ${i}`)));
  const opened = all.map((sealed) => decryptOnce(sealed, [mine]));
  expect(decryptOnce(all[4]!, [mine])).toBe(opened[4]);
  expect(decryptOnce(all[0]!, [mine])).not.toBe(opened[0]);
});
