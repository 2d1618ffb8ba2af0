import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config/problem.js';
import { load, MINIMAL, problems, told } from './fixture.js';

test.each<[mistake: string, text: string, place: string, sentence: string]>([
  [
    'a tab',
    'version: 1\nservers:\n\tprod: {}\n',
    '3:1',
    'a tab stands where blanks are wanted; YAML is indented with blanks',
  ],
  [
    'a wrong indentation',
    'version: 1\nservers:\n  a: {}\n b: {}\n',
    '4:2',
    'the indentation does not fit the lines above it',
  ],
  [
    'a quote that is not closed',
    'version: 1\nservers: "a\n',
    '3:1',
    'a character is missing: a closing quote or bracket, or the blank or comma between two things',
  ],
  [
    'a bracket that is not closed',
    'version: 1\nservers: {a: [1\n',
    '3:1',
    'the indentation does not fit the lines above it',
  ],
  [
    'two colons',
    'version: 1\nservers: a: b\n',
    '2:10',
    'a second `: ` stands on this line; put quotes around the value',
  ],
  [
    'an alias of nothing',
    'version: 1\nservers: *all\n',
    '2:10',
    'this alias (`*…`) refers to nothing above it; put quotes around a text that begins with *',
  ],
  [
    'a tag',
    'version: 1\nservers: !vault x\n',
    '2:10',
    'this tag (`!…`) means nothing here; put quotes around a text that begins with !',
  ],
  [
    'a reserved character',
    'version: 1\nservers: @x\n',
    '2:10',
    'a value cannot begin with this character; put quotes around it',
  ],
  [
    'two documents',
    'version: 1\n---\nversion: 1\n',
    '2:1',
    'a second document begins here; one file is one configuration',
  ],
  [
    'a backslash',
    'version: 1\nservers: "\\q"\n',
    '2:11',
    'this backslash means nothing inside double quotes; use single quotes, or write it twice',
  ],
])('%s', (_, text, place, sentence) => {
  const [first] = problems(text);
  expect(first && `${first.line}:${first.column}`).toBe(place);
  expect(first?.sentence).toBe(sentence);
});

test('a server that stands there twice, with the line of the first', () => {
  expect(told(MINIMAL.concat('  prod:\n    address: 203.0.113.8\n'))).toEqual([
    '9:3 : this key stands here a second time, only one can hold; the other is in line 7',
  ]);
});

test('a key that stands there twice, and what else is wrong', () => {
  const text = MINIMAL.concat('    role: primary\n    role: standby\n    ssh: {prot: 1}\n');
  expect(told(text)).toEqual([
    '10:5 : this key stands here a second time, only one can hold; the other is in line 9',
    '11:11 servers.prod.ssh.prot: unknown key; did you mean `port`?',
  ]);
});

test.each(['', '# nothing\n', '[]', 'just text', '1', 'null', '---\n'])(
  '%j holds no configuration',
  (text) => {
    expect(told(text)).toEqual(['1:1 : holds no configuration; `version: 1` and `servers:` are wanted']);
  },
);

test('an alias bomb goes off nowhere', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[at]}`).join(',')}]`),
  ];
  expect(told(bomb.join('\n'))).toEqual(['1:1 : aliases refer to each other without end, or too often']);
});

test('Windows line ends and a byte order mark are no problem, and places stay right', () => {
  const text = `\ufeff${MINIMAL.concat('    ssh: {prot: 1}\n').replaceAll('\n', '\r\n')}`;
  expect(told(text)).toEqual(['9:11 servers.prod.ssh.prot: unknown key; did you mean `port`?']);
});

test('a byte order mark does not shift the first line', () => {
  expect(told('\ufeffversion: 2\nservers: {a: {}}\n')[0]).toBe('1:10 version: is not 1');
});

test('the whole message: count, place, sentence, line and caret', () => {
  let message = '';
  try {
    load(MINIMAL.concat('    rle: primary\n'));
  } catch (error) {
    message = (error as ConfigError).message;
  }
  expect(message).toBe(`clincher.yaml has one problem:
clincher.yaml:9:5 servers.prod.rle: unknown key; did you mean \`role\`?
    9 |     rle: primary
      |     ^^^`);
});

test('it is one coded error, with all problems in it', () => {
  expect(() => load('version: 2\nservers: {}\n')).toThrow(ConfigError);
  expect(() => load('version: 2\nservers: {}\n')).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', exitCode: 2 }),
  );
});
