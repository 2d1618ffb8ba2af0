import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configCheck, configSchema, configShow } from '../../src/client/commands/config.js';
import { MINIMAL } from '../config/fixture.js';
import { errorOf } from '../secrets/folder.js';
import { bench } from './world.js';

const text = { output: 'text' } as const;
const json = { output: 'json' } as const;

test('check: a valid file, and what is in it', async () => {
  const { io, cwd } = bench({ 'clincher.yaml': MINIMAL });
  expect(await configCheck(io, text)).toBe(0);
  expect(io.stdout()).toBe(`${cwd}/clincher.yaml is valid: one server (prod)\n`);
});

test('check: all problems, exit code 2', async () => {
  const { io } = bench({
    'clincher.yaml': MINIMAL.replace('address', 'addres').replace('version: 1', 'version: 2'),
  });
  const error = await errorOf(configCheck(io, text));
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2 });
  expect(error.message.match(/^clincher\.yaml:\d+:\d+ /gm)).toHaveLength(3);
});

test('check --json: problems as data', async () => {
  const { io } = bench({ 'clincher.yaml': MINIMAL.concat('    rle: primary\n') });
  expect(await configCheck(io, json)).toBe(2);
  expect(JSON.parse(io.stdout())).toEqual({
    schema: 'clincher.config-check/1',
    valid: false,
    problems: [
      {
        file: 'clincher.yaml',
        line: 9,
        column: 5,
        path: 'servers.prod.rle',
        sentence: 'unknown key; did you mean `role`?',
        frame: ['    9 |     rle: primary', '      |     ^^^'],
      },
    ],
  });
});

test('check --json: a valid file', async () => {
  const { io, cwd } = bench({ 'clincher.yaml': MINIMAL });
  expect(await configCheck(io, json)).toBe(0);
  expect(JSON.parse(io.stdout())).toMatchObject({
    valid: true,
    path: `${cwd}/clincher.yaml`,
    servers: ['prod'],
    problems: [],
  });
});

test('check: no file is an error of its own, also with --json', async () => {
  expect(await errorOf(configCheck(bench().io, json))).toMatchObject({
    code: 'CONFIG_NOT_FOUND',
    remedy: ['clincher init'],
  });
});

test('show: everything merged, as YAML that is a valid configuration again', async () => {
  const { io } = bench({ 'clincher.yaml': MINIMAL });
  await configShow(io, text);
  const shown = parse(io.stdout());
  expect(shown.servers.prod).toMatchObject({
    role: 'primary',
    ssh: { port: 9922 },
    channels: { telegram: { token: 'secret://prod/telegram_bot_token' } },
  });
  const second = bench({ 'clincher.yaml': io.stdout() });
  await configShow(second.io, text);
  const without = (output: string): string => output.replace(/^#.*\n/, '');
  expect(without(second.io.stdout())).toBe(without(io.stdout()));
});

test('show --json, of one server', async () => {
  const { io, cwd } = bench({ 'clincher.yaml': MINIMAL.concat('  b: {address: 203.0.113.8}\n') });
  await configShow(io, { ...json, server: ['b'] });
  const shown = JSON.parse(io.stdout());
  expect(shown).toMatchObject({ schema: 'clincher.config/1', path: `${cwd}/clincher.yaml`, version: 1 });
  expect(Object.keys(shown.servers)).toEqual(['b']);
  expect(shown.secrets).toEqual({
    vault: `${cwd}/clincher.vault.age`,
    identity: expect.stringContaining('identity.txt'),
    recipients: [],
  });
});

test('schema: JSON on stdout, without a configuration', async () => {
  const { io } = bench();
  expect(await configSchema(io, text)).toBe(0);
  expect(JSON.parse(io.stdout())).toMatchObject({ title: 'clincher.yaml', required: ['version', 'servers'] });
});
