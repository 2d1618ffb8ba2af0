import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findConfig } from '../../src/config/find.js';
import { loadConfig, resolveServer } from '../../src/config/load.js';
import type { ConfigError } from '../../src/config/problem.js';
import { folder } from '../secrets/folder.js';
import { load, MINIMAL } from './fixture.js';

function project(): { cwd: string; deep: string; file: string } {
  const cwd = folder();
  const deep = join(cwd, 'a', 'b');
  mkdirSync(deep, { recursive: true });
  writeFileSync(join(cwd, 'clincher.yaml'), MINIMAL);
  return { cwd, deep, file: join(cwd, 'clincher.yaml') };
}

test('clincher.yaml is found here and in folders above', () => {
  const { cwd, deep, file } = project();
  expect(findConfig(undefined, { cwd, env: {} })).toBe(file);
  expect(findConfig(undefined, { cwd: deep, env: {} })).toBe(file);
});

test('--config wins over CLINCHER_CONFIG, which wins over the folder', () => {
  const { cwd, deep, file } = project();
  writeFileSync(join(deep, 'x.yaml'), MINIMAL);
  const env = { CLINCHER_CONFIG: '../../clincher.yaml' };
  expect(findConfig('x.yaml', { cwd: deep, env })).toBe(join(deep, 'x.yaml'));
  expect(findConfig(undefined, { cwd: deep, env })).toBe(file);
  expect(findConfig(undefined, { cwd, env: { CLINCHER_CONFIG: '' } })).toBe(file);
});

test('none is found: said, with where it was looked for', () => {
  const cwd = folder();
  const missing = expect.objectContaining({
    code: 'CONFIG_NOT_FOUND',
    message: expect.stringContaining(cwd),
  });
  expect(() => loadConfig(undefined, { cwd, env: {} })).toThrow(missing);
  expect(() => loadConfig('x.yaml', { cwd, env: {} })).toThrow(missing);
});

test('a folder, a file of bytes, and one that is too large', () => {
  const cwd = folder();
  writeFileSync(join(cwd, 'bytes'), Buffer.from([0xff, 0xfe, 0x00]));
  writeFileSync(join(cwd, 'large'), '#'.repeat(1024 * 1024 + 1));
  const told = (path: string): string => {
    try {
      loadConfig(path, { cwd, env: {} });
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(told('.')).toContain('cannot be read (EISDIR)');
  expect(told('bytes')).toContain('is not a UTF-8 text');
  expect(told('large')).toContain('is larger than 1 MiB');
});

test('problems name the file as it is seen from here', () => {
  const { cwd, deep } = project();
  writeFileSync(join(cwd, 'clincher.yaml'), 'version: 1\n');
  const fileIn = (place: string): string | undefined => {
    try {
      loadConfig(undefined, { cwd: place, env: {} });
    } catch (error) {
      return (error as ConfigError).problems[0]?.file;
    }
    return undefined;
  };
  expect(fileIn(cwd)).toBe('clincher.yaml');
  expect(fileIn(deep)).toBe(join(cwd, 'clincher.yaml'));
});

test('the identity: environment, then file, then home', () => {
  const { cwd } = project();
  const identity = (env: NodeJS.ProcessEnv): string =>
    loadConfig(undefined, { cwd, env: { HOME: '/home/you', ...env } }).secrets.identity;
  expect(identity({})).toBe('/home/you/.config/clincher/identity.txt');
  expect(identity({ XDG_CONFIG_HOME: '/xdg' })).toBe('/xdg/clincher/identity.txt');
  writeFileSync(join(cwd, 'clincher.yaml'), `${MINIMAL}secrets: {identity: ~/id.txt}\n`);
  expect(identity({})).toBe('/home/you/id.txt');
  expect(identity({ CLINCHER_IDENTITY: 'id2.txt' })).toBe(join(cwd, 'id2.txt'));
});

test('a server that is not there: the nearest, or all that are', () => {
  const config = load(MINIMAL);
  expect(resolveServer(config, 'prod').address).toBe('203.0.113.7');
  const answer = (name: string): string => {
    try {
      return resolveServer(config, name).name;
    } catch (error) {
      expect(error).toMatchObject({ code: 'UNKNOWN_SERVER', exitCode: 2 });
      return (error as Error).message;
    }
  };
  expect(answer('prd')).toContain('has no server "prd"; did you mean `prod`?');
  expect(answer('zzzzzzz')).toContain('there is prod');
  for (const name of ['constructor', '__proto__', '\u001b[31m']) expect(answer(name)).not.toMatch(/\u001b/);
});
