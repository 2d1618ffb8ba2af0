// The whole command: words in, files and verdicts out; nothing is reached for.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LOCK_NAME } from '../../src/config/lock.js';
import { type Setting, stage } from './stage.js';

/** A terminal whose only programs are these, besides what a machine keeps in sbin. */
function equipped(tools: Record<string, string> = {}, setting: Setting = {}) {
  const there = stage(setting);
  const bin = join(there.bench.home, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(tools)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  there.bench.io.env['PATH'] = bin;
  return there;
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((each) =>
    each.isFile() ? [join(each.parentPath, each.name)] : [],
  );

test('files in a folder, verdicts on stdout; no engine, no vault, no identity', async () => {
  const { run, io, bench, opened } = equipped({ 'apt-config': '' });
  expect(await run('render', '-s', 'prod')).toBe(0);
  expect(opened()).toBe(0);
  const folder = join(bench.cwd, 'rendered', 'prod');
  expect(existsSync(join(folder, 'opt/openclaw/docker-compose.yml'))).toBe(true);
  expect(io.stdout()).toMatch(/^prod {2}\d+ files, as debian13 would get them, in /);
  expect(io.stdout()).toMatch(/✓ apt-config +\/etc\/apt\/apt\.conf\.d\/90clincher/);
  expect(io.stdout()).toMatch(
    /– smokescreen +\/opt.*\n +not checked: smokescreen is not installed here: go install/,
  );
  expect(io.stdout()).toMatch(/\d+ ok, 0 fail, \d+ not checked\n$/);
  expect(readdirSync(bench.cwd).sort()).toEqual([LOCK_NAME, 'clincher.yaml', 'rendered']);
});

test('a tool that finds a fault: exit 1, with its words', async () => {
  const { run, io } = equipped({ 'apt-config': 'echo "E: Syntax error $2:3" >&2; exit 100' });
  expect(await run('render', '-s', 'prod')).toBe(1);
  expect(io.stdout()).toMatch(
    /✗ apt-config .*\n +E: Syntax error \/etc\/apt\/apt\.conf\.d\/90clincher\S*:3\n/,
  );
});

test('--json: one document of its schema; several servers below one folder', async () => {
  const { run, io, bench } = equipped();
  expect(await run('render', '-s', 'all', '--out', 'audit', '--os', 'ubuntu24', '--json')).toBe(0);
  const { results } = JSON.parse(io.stdout());
  expect(results.map(({ server }: { server: string }) => server)).toEqual(['prod', 'spare']);
  expect(results[0]).toMatchObject({
    ok: true,
    system: 'ubuntu24',
    folder: join(bench.cwd, 'audit', 'prod'),
  });
  expect(readdirSync(join(bench.cwd, 'audit')).sort()).toEqual(['prod', 'spare']);
});

test('no value of a secret, from wherever it could come, is in any file or answer', async () => {
  const canary = 'canary-0123456789';
  const config = `version: 1
defaults:
  ssh: { authorized_keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHODc/sW8FymTq8zYxCzR0ekUzLHjJdom4gLPhzHx7m5 a'], admin_addresses: [198.51.100.7] }
servers:
  prod:
    address: 203.0.113.7
    channels: { telegram: { enabled: true, token: 'env:TELEGRAM' } }
    providers: { anthropic: { key: 'file:./key' }, voyage: { key: 'env:VOYAGE' } }
`;
  const { run, io, bench } = equipped({}, { config, env: { TELEGRAM: canary, VOYAGE: canary } });
  writeFileSync(join(bench.cwd, 'key'), canary);
  expect(await run('render', '-s', 'prod', '--verbose')).toBe(0);
  const files = filesBelow(join(bench.cwd, 'rendered'));
  expect(files.length).toBeGreaterThan(15);
  expect(files.filter((file) => readFileSync(file, 'utf8').includes(canary))).toEqual([]);
  expect(io.stdout() + io.stderr()).not.toContain(canary);
  const env = readFileSync(join(bench.cwd, 'rendered/prod/opt/openclaw/.env'), 'utf8');
  expect(env).toContain("VOYAGE_API_KEY='«env:VOYAGE»'");
});

test('bad input: each with its code, and what to type next', async () => {
  const { run, io, bench } = equipped();
  expect(await run('render', '-s', 'nope')).toBe(2);
  expect(io.stderr()).toContain('UNKNOWN_SERVER');
  expect(await run('render')).toBe(2);
  expect(io.stderr()).toContain('add --server <name>');
  expect(await run('render', '-s', 'prod', '--out', '.')).toBe(2);
  expect(io.stderr()).toContain('clincher render -s prod --out . --force');
  expect(await run('render', '-s', 'prod', '--out', 'clincher.yaml')).toBe(2);
  expect(await run('render', '-s', 'prod', '--os', 'plan9')).toBe(2);
  expect(readdirSync(bench.cwd).sort()).toEqual([LOCK_NAME, 'clincher.yaml']);
});

test('images that are not locked: which command locks them, and nothing is written', async () => {
  const { run, io, bench } = equipped({}, { isLocked: false });
  expect(await run('render', '-s', 'prod')).toBe(2);
  expect(io.stderr()).toContain('clincher images lock');
  expect(existsSync(join(bench.cwd, 'rendered'))).toBe(false);
});
