import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReference, splitWords, vaultReference } from '../../src/secrets/reference.js';

test.each([
  ['secret://prod/telegram_bot_token', { kind: 'vault', server: 'prod', name: 'telegram_bot_token' }],
  ['secret://shared/a', { kind: 'vault', server: 'shared', name: 'a' }],
  ['env:SUDO_PASSWORD', { kind: 'env', variable: 'SUDO_PASSWORD' }],
  ['file:/run/secrets/x y', { kind: 'file', path: '/run/secrets/x y' }],
  [
    "exec:op read 'op://vault/my item/token'",
    { kind: 'exec', words: ['op', 'read', 'op://vault/my item/token'] },
  ],
])('%s', (text, reference) => expect(parseReference(text)).toEqual(reference));

test.each([
  'hunter2',
  'secret://prod',
  'secret://prod/',
  'secret:///x',
  'secret://Prod/x',
  'secret://prod/x/y',
  'secret://prod/Token',
  'secret://prod/../x',
  'env:',
  'env:A B',
  'env:1A',
  'file:',
  'file: ',
  'exec:',
  'exec:   ',
  "exec:op 'unclosed",
  'exec:op trailing\\',
  'env:A\nB',
  'file:/x\0',
])('%j is refused, and not repeated', (text) => {
  const answer = parseReference(text);
  expect(answer).toHaveProperty('problem');
  expect(JSON.stringify(answer)).not.toContain('hunter2');
});

test.each([
  ['a  b', ['a', 'b']],
  [' a ', ['a']],
  ['', []],
  [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
  [`a'b'"c"d`, ['abcd']],
  [`"a\\"b" '\\'`, ['a"b', '\\']],
  [`'' ""`, ['', '']],
  ['$(x) `y` ; | > *', ['$(x)', '`y`', ';', '|', '>', '*']],
])('words of %j', (line, words) => expect(splitWords(line)).toEqual(words));

test('words that were quoted come back', () => {
  const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      expect(splitWords(words.map(quoted).join(' '))).toEqual(words);
    }),
  );
});

test('a vault reference is what it was made of', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z][a-z0-9-]{0,29}$/),
      fc.stringMatching(/^[a-z][a-z0-9_]{0,59}$/),
      (server, name) => {
        expect(parseReference(vaultReference(server, name))).toEqual({ kind: 'vault', server, name });
      },
    ),
  );
});
