import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { GLOBAL } from '../../src/client/grammar/flags.js';
import { hoist } from '../../src/client/grammar/hoist.js';
import { COMMANDS } from '../../src/client/grammar/index.js';
import { EXIT_CODES } from '../../src/errors.js';
import { CATALOG } from '../../src/workflows/catalog.js';
import { stage } from './stage.js';
import { dispatched, words } from './words.js';

test.each(COMMANDS.map((spec) => [spec.name, spec] as const))(
  '%s: one sentence, three examples that parse',
  async (name, spec) => {
    expect(spec.summary).toMatch(/^[A-Z].*[^.]$/);
    expect(spec.examples).toHaveLength(3);
    expect(await Promise.all(spec.examples.map((example) => dispatched(words(example))))).toContain(name);
  },
);

test.each(COMMANDS.map((spec) => [spec.name, spec] as const))('%s can be loaded', async (_, spec) => {
  expect(await spec.load()).toBeTypeOf('function');
});

test('every verb of the contract is there', () => {
  const verbs = new Set(COMMANDS.map((spec) => spec.name.split(' ')[0]));
  const wanted =
    `init doctor up down worker ui run plan verify gates answer signal retry skip abort status runs show
    follow logs pairing steps runbooks docs lock secrets config completion help`.split(/\s+/);
  expect(wanted.filter((verb) => !verbs.has(verb))).toEqual([]);
});

test('nothing destructive has a short flag, and -v is never the version', () => {
  const shorts = COMMANDS.flatMap((spec) =>
    spec.flags.map((flag) => [spec.name, flag.flags] as const),
  ).filter(([, flags]) => /^-\w,/.test(flags));
  const allowed = /^-(s, --server|n, --dry-run|y, --yes|f, --follow|w, --watch)/;
  expect(shorts.filter(([, flags]) => !allowed.test(flags))).toEqual([]);
  expect(
    COMMANDS.find((spec) => spec.name === 'lock release')?.flags.some((flag) => flag.flags.includes('--yes')),
  ).toBe(false);
  expect(GLOBAL.find((flag) => flag.flags.startsWith('-v,'))?.flags).toBe('-v, --verbose');
});

test('no command is called like a runbook, except those that are the runbook', () => {
  const names = COMMANDS.map((spec) => spec.name);
  expect(CATALOG.filter((book) => book.mutating && names.includes(book.name))).toEqual([]);
});

test('hoist: flags before the command go behind it, up to --', () => {
  expect(hoist(['-s', 'prod', '--json', 'run', 'provision', '--', 'x'])).toEqual([
    'run',
    'provision',
    '-s',
    'prod',
    '--json',
    '--',
    'x',
  ]);
  expect(hoist(['--server=prod', 'status'])).toEqual(['status', '--server=prod']);
  expect(hoist(['--help'])).toEqual(['--help']);
  // Its value may be left out, so the word behind it is no value of it.
  expect(hoist(['--wait', 'run', 'backup'])).toEqual(['run', 'backup', '--wait']);
  expect(hoist(['status', '-s', 'prod'])).toEqual(['status', '-s', 'prod']);
});

test('help: all of it, one command, a noun, topics; exit 0 on stdout', async () => {
  const { run, io } = stage();
  for (const words of [
    [],
    ['--help'],
    ['help'],
    ['help', 'run'],
    ['run', '--help'],
    ['help', 'lock', 'release'],
    ['lock', '--help'],
  ])
    expect(await run(...words), words.join(' ')).toBe(0);
  expect(io.stderr()).toBe('');
  expect(io.stdout()).toContain("clincher run harden -s prod --only 'harden.fire*' --on-failure abort");
  expect(io.stdout()).toContain('status [options]   who holds a server');
});

test('help topics', async () => {
  const { run, io } = stage();
  for (const topic of ['exit-codes', 'environment', 'output', 'connection'])
    expect(await run('help', topic)).toBe(0);
  for (const [code, meaning] of Object.entries(EXIT_CODES))
    expect(io.stdout()).toContain(`${code.padStart(5)}  ${meaning}`);
  for (const flag of GLOBAL) expect(io.stdout()).toContain(flag.flags);
  expect(await run('help', 'exitcodes')).toBe(2);
  expect(io.stderr()).toContain('did you mean `exit-codes`');
});

test('docs: a step, a key, a code, schemas; and what does not exist', async () => {
  const { run, io } = stage();
  for (const about of [
    'base.sudo',
    'ssh.port',
    'servers',
    'control_plane.address',
    'providers.openai.key',
    'models.list.fallbacks',
    'HOST_KEY_MISMATCH',
    'locked',
  ])
    expect(await run('docs', about), about).toBe(0);
  expect(io.stdout()).toContain('servers.<name>.ssh.port');
  expect(io.stdout()).toContain('Models that take over when it fails, in order.');
  expect(io.stdout()).toContain('Another run is active on this server.');
  expect(await run('docs', 'bse.sudo')).toBe(2);
  expect(io.stderr()).toContain('did you mean `base.sudo`');
  expect(await run('docs')).toBe(2);
  const schemas = stage();
  expect(await schemas.run('docs', '--schema')).toBe(0);
  expect(Object.keys(JSON.parse(schemas.io.stdout()) as object)).toContain('clincher.run/1');
});

test('docs of a check: why, what is asked, what fails it, what mends it', async () => {
  const { run, io } = stage();
  expect(await run('docs', 'verify.budget')).toBe(0);
  for (const text of [
    'A model that is over its budget is refused',
    'A budget that does not refuse is a bill.',
    /^asks {4}LiteLLM, twice and more/m,
    /^from {4}on the server$/m,
    /^fails {3}The later calls are answered as well\./m,
    /^fix {5}clincher run provision -s <server> --only 'stack\.models,stack\.services'$/m,
    /^or {6}clincher verify -s <server> --only verify\.budget -v$/m,
  ])
    expect(io.stdout()).toMatch(text);
  expect(await run('docs', 'verify.bugdet')).toBe(2);
  expect(io.stderr()).toContain('did you mean `verify.budget`');
});

test('every error code has a page', async () => {
  const { ERRORS } = await import('../../src/errors.js');
  for (const code of Object.keys(ERRORS)) expect(await stage().run('docs', code)).toBe(0);
});

test('steps and runbooks', async () => {
  const { run, io } = stage();
  expect(await run('steps', '-s', 'prod')).toBe(0);
  expect(await run('runbooks', '--json')).toBe(0);
  expect(io.stdout()).toMatch(/base\.sshd +guarded +SSH accepts keys/);
  expect(await run('steps', '-s', 'nope')).toBe(2);
});

test('--version', async () => {
  const { run, io } = stage();
  expect(await run('--version')).toBe(0);
  expect(io.stdout()).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('every document that a command can print has a published schema', async () => {
  const { SCHEMAS } = await import('../../src/client/view/schemas.js');
  const folder = fileURLToPath(new URL('../../src/client', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const sources = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  const printed = sources.flatMap((text) =>
    [...text.matchAll(/\bdocument\('([a-z-]+)'/g)].map((match) => match[1]!),
  );
  expect(printed.length).toBeGreaterThan(20);
  expect([...new Set(printed)].filter((name) => !Object.hasOwn(SCHEMAS, name))).toEqual([]);
});
