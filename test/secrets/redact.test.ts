import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Redactor } from '../../src/secrets/redact.js';

const SECRET = 'hun/ter+2 \'é"\\\n&x';

const redactor = (...values: string[]): Redactor => {
  const made = new Redactor();
  for (const value of values) made.add(value);
  return made;
};

test('without secrets a text stays as it is', () => expect(redactor().redact('a b')).toBe('a b'));

test('a secret becomes its fingerprint', () => {
  expect(redactor('hunter2').redact('password hunter2, again hunter2')).toBe(
    'password «secret sha256:f52f…», again «secret sha256:f52f…»',
  );
});

test('the longest of two that overlap is taken whole', () => {
  expect(redactor('abcdef', 'abcdefgh').redact('abcdefgh')).toMatch(/^«[^»]*»$/);
});

test('a secret may hold characters that mean something in patterns', () => {
  expect(redactor('a.c*d$').redact('abc a.c*d$')).toMatch(/^abc «/);
});

test('very short values are left alone: they are in every word', () => {
  expect(redactor('a', '12').redact('a 12 banana')).toBe('a 12 banana');
});

test('a secret may be very large', () => {
  const large = 'x\0'.repeat(40_000);
  expect(redactor(large).redact(`a ${large} b`)).toMatch(/^a «[^»]*» b$/);
});

test('each line of a longer secret counts', () => {
  const key = '-----BEGIN KEY-----\r\nMIIEvQIBADANBg\n-----END KEY-----';
  expect(redactor(key).redact('host sshd: MIIEvQIBADANBg')).toMatch(/^host sshd: «secret/);
});

const FORMS: Record<string, (value: string) => string> = {
  itself: (value) => value,
  JSON: (value) => JSON.stringify(value),
  'JSON in JSON': (value) => JSON.stringify(JSON.stringify(value)),
  'JSON with escaped slashes': (value) => JSON.stringify(value).replaceAll('/', '\\/'),
  'an address': (value) => `https://x/?a=${encodeURIComponent(value)}&b`,
  'a form': (value) => new URLSearchParams({ a: value }).toString(),
  'shell quotes': (value) => `'${value.replaceAll("'", "'\\''")}'`,
  base64: (value) => Buffer.from(value).toString('base64'),
  base64url: (value) => Buffer.from(value).toString('base64url'),
  hexadecimal: (value) => Buffer.from(value).toString('hex'),
  'the middle of base64': (value) => Buffer.from(`{"token":"${value}","x":1}`).toString('base64'),
  'the middle of base64, one on': (value) => Buffer.from(`x{"token":"${value}","x":1}`).toString('base64'),
  'the middle of base64, two on': (value) => Buffer.from(`xx{"token":"${value}","x":1}`).toString('base64'),
};

test.each(Object.keys(FORMS))('found as %s', (name) => {
  const text = FORMS[name]!(SECRET);
  expect(redactor(SECRET).redact(text)).toContain('«secret');
});

/** Values as secrets are: printable, and long enough to be one. */
const values = fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme-ascii' });

test('whatever the value and its form, nothing of it is left', () => {
  const form = fc.constantFrom(
    'itself',
    'JSON',
    'an address',
    'a form',
    'shell quotes',
    'base64',
    'base64url',
    'hexadecimal',
  );
  fc.assert(
    fc.property(values, form, fc.string(), fc.string(), (value, name, before, after) => {
      const encoded = FORMS[name]!(value);
      const inner = name === 'JSON' ? encoded.slice(1, -1) : encoded;
      fc.pre(!'«secret sha256:0123456789abcdef…»'.includes(value));
      const clean = redactor(value).redact(`${before}${encoded}${after}`);
      expect(clean.includes(inner)).toBe(false);
      expect(clean.includes(value)).toBe(false);
    }),
  );
});

test('decoding what is left of a longer base64 text does not give the value', () => {
  fc.assert(
    fc.property(values, fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (value, before, after) => {
      const text = Buffer.from(before + value + after).toString('base64');
      expect(redactor(value).redact(text)).not.toBe(text);
    }),
  );
});
