// What may stand in a configuration by accident or malice must neither be repeated when it is secret nor obeyed when it is not text.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config/problem.js';
import { DEFAULTS, KEY, load, MINIMAL, problems } from './fixture.js';

function message(text: string): string {
  try {
    load(text);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

const TOKEN = '123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
const PRIVATE = '-----BEGIN OPENSSH PRIVATE KEY-----';

test.each([
  ['a literal token', '    channels: {telegram: {token: "TOKEN"}}', TOKEN],
  [
    'a literal token below its key',
    '    channels:\n      telegram:\n        token: >-\n          TOKEN',
    TOKEN,
  ],
  ['a literal password', '    ssh: {sudo_password: "hunter2"}', 'hunter2'],
  ['a literal password without quotes', '    ssh:\n      sudo_password: hunter2 again', 'hunter2'],
  ['a password under an unknown key', '    password: hunter2', 'hunter2'],
  ['a password under a mistyped key', '    ssh: {sudo_pasword: hunter2, sudo_password: "env:"}', 'hunter2'],
  ['a password beside a mistake', '    ssh: {prot: 22, sudo_password: "hunter2"}', 'hunter2'],
  ['a token as a key', `    "TOKEN": 1`, TOKEN],
  ['a token as a server’s name', `  "TOKEN": {}`, TOKEN],
  ['a token in a choice', '    role: TOKEN', TOKEN],
  ['a private key', `    ssh:\n      authorized_keys: ['${PRIVATE}']`, PRIVATE],
  [
    'a private key, the whole of it',
    `    ssh:\n      authorized_keys:\n        - |\n          ${PRIVATE}\n          b3BlbnNzaC1rZXktdjEAAAAABG5vbmUA`,
    'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUA',
  ],
  ['a key of Anthropic under an unknown key', '    anthropic: sk-ant-abc123def456ghi789', 'abc123def456'],
  ['a syntax error behind a password', '    sudo_password: "hunter2', 'hunter2'],
  ['a syntax error in the line of a password', '    sudo_password: hunter2: x', 'hunter2'],
  [
    'a syntax error in the line below a password',
    '    sudo_password: |\n      hunter2\n     hunter2: @',
    'hunter2',
  ],
  ['a duplicate key with a password', '    sudo_password: env:A\n    sudo_password: hunter2', 'hunter2'],
  ['a token in a list of ports', `    firewall: {web_ports: ["TOKEN"]}`, TOKEN],
])('%s is refused and not repeated', (_, written, secret) => {
  const told = message(`${MINIMAL}${written.replace('TOKEN', TOKEN)}\n`);
  expect(told).not.toBe('');
  expect(told).not.toContain(secret);
});

test('a private key gets a sentence of its own', () => {
  expect(problems(`${MINIMAL}    ssh: {authorized_keys: ['${PRIVATE}']}\n`)[0]!.sentence).toContain(
    'is a PRIVATE key: take it out of this file and make a new pair',
  );
});

test('a public key and a fingerprint may be repeated', () => {
  expect(message(MINIMAL.replace(KEY, KEY.replace('ssh-ed25519', 'ssh-ed25518')))).toContain(
    'AAAAC3NzaC1lZDI1NTE5',
  );
});

test('control characters are shown as ?, never sent to the terminal', () => {
  const told = message(`${MINIMAL}    "\\e[31mrole\\a": 1\n    \u001b[2Jx: 1\n    \u202erle: 1\n`);
  expect(told).not.toMatch(/[\0-\x08\x0b-\x1f\x7f\u202e]/);
});

test('a line that is very long is shown around its mistake', () => {
  const written = `    ${'# '.repeat(0)}docker: {dns: [${'1.1.1.1, '.repeat(2000)}nowhere]}`;
  const [problem] = problems(`${MINIMAL}${written}\n`);
  expect(problem!.sentence).toBe('is not an IP address');
  const [line = '', caret = ''] = problem!.frame;
  expect(line.length).toBeLessThan(120);
  expect(line.slice(caret.indexOf('^'))).toMatch(/^nowhere/);
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  '%s is an unknown key like others',
  (key) => {
    for (const text of [
      `${MINIMAL}${key}: {polluted: 1}\n`,
      `${MINIMAL}    ${key}: {polluted: 1}\n`,
      MINIMAL.replace('  ssh:\n', `  ${key}: {polluted: 1}\n  ssh:\n`),
    ])
      expect(problems(text).map(({ sentence }) => sentence)).toEqual([
        expect.stringContaining('unknown key'),
      ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  },
);

test('a server named as something of JavaScript’s own is a server', () => {
  expect(Object.keys(load(`${DEFAULTS}servers: {constructor: {address: 1.2.3.4}}\n`).servers)).toEqual([
    'constructor',
  ]);
});

test('merge keys of older YAML are unknown keys, not surprises', () => {
  expect(message(`${MINIMAL}    <<: {role: standby}\n`)).toContain('unknown key');
});

test('whatever a file holds, the answer is a configuration or a ConfigError whose places exist', () => {
  const piece = fc.constantFrom(
    '\n',
    '  ',
    '- ',
    ': ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '#',
    '&a ',
    '*a',
    '!t ',
    '|',
    '>',
    '%',
    '@',
    '?',
    '\t',
    'ssh',
    'prod',
    'servers',
    'version',
    'defaults',
    '1',
    'null',
    'x',
    '\u0000',
    '\u2028',
    '---\n',
    '__proto__',
  );
  const garbled = fc
    .tuple(fc.nat(MINIMAL.length), fc.nat(8), fc.array(piece, { maxLength: 6 }))
    .map(([at, length, pieces]) => MINIMAL.slice(0, at) + pieces.join('') + MINIMAL.slice(at + length));
  fc.assert(
    fc.property(
      fc.oneof(
        garbled,
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (text) => {
        const lines = text.split(/\r?\n/);
        for (const { line, column, frame, sentence } of problems(text)) {
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
          expect([0, 2]).toContain(frame.length);
          expect(sentence).not.toMatch(/undefined|\[object/);
        }
      },
    ),
    { numRuns: 400 },
  );
});
