import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileBook } from '../../src/activities/login-book.js';

const folder = (): string => join(mkdtempSync(join(tmpdir(), 'book-')), 'logins');

test('what one program writes, another reads; an address is no path', () => {
  const place = folder();
  fileBook(place).write('2001:db8::1/../x', [1, 2]);
  expect(fileBook(place).read('2001:db8::1/../x')).toEqual([1, 2]);
  expect(fileBook(place).read('10.0.0.1')).toEqual([]);
  expect(statSync(place).mode & 0o777).toBe(0o700);
});

test('a book that cannot be kept is no error', () => {
  const place = folder();
  writeFileSync(place, 'a file in its place');
  fileBook(place).write('10.0.0.1', [1]);
  expect(fileBook(place).read('10.0.0.1')).toEqual([]);
});
