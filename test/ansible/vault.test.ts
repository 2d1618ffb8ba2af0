import { expect, test } from 'vitest';
import { CannotOpen, isVaulted, openVault } from '../../src/ansible/vault.js';
import { PASSWORD, SEALED, SEALED_TEXT } from './sealed.js';

const flipped = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === '1' ? '2' : '1') + text.slice(at + 1);

test('what ansible-vault wrote is opened, in format 1.2 and indented as a value of YAML is', () => {
  expect(openVault(SEALED, PASSWORD)).toBe(SEALED_TEXT);
  expect(openVault(SEALED.replaceAll('\n', '\n          '), PASSWORD)).toBe(SEALED_TEXT);
  expect(openVault(SEALED.replaceAll('\n', '\r\n'), PASSWORD)).toBe(SEALED_TEXT);
});

test.each([
  ['another password', SEALED, 'wrong', 'was encrypted with another password, or is damaged'],
  [
    'one digit of it changed',
    flipped(SEALED, SEALED.length - 4),
    PASSWORD,
    'another password, or is damaged',
  ],
  ['cut short', SEALED.slice(0, 200), PASSWORD, 'is cut short or damaged'],
  ['no digits', `${SEALED.split('\n')[0]}\nxyz\n`, PASSWORD, 'is cut short or damaged'],
  ['nothing behind its head', '$ANSIBLE_VAULT;1.1;AES256\n', PASSWORD, 'is cut short or damaged'],
  ['the format of long ago', SEALED.replace('1.2;AES256', '1.0;AES'), PASSWORD, 'is not known'],
])('%s is told, without a word of it', (_, text, password, sentence) => {
  const open = (): string => openVault(text, password);
  expect(open).toThrow(CannotOpen);
  expect(open).toThrow(sentence);
});

test('only its own head makes a text encrypted', () => {
  expect(isVaulted(SEALED)).toBe(true);
  expect(isVaulted(`key: ${SEALED}`)).toBe(false);
});
