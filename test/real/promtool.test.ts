// Prometheus' own promtool reads the alert rules, and tries them on figures.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rulesFile } from '../../src/monitoring/rules.js';
import { cacheDir } from '../../src/temporal/paths.js';
import { fixtureServer } from '../fixture-server.js';

const folder = mkdtempSync(join(tmpdir(), 'clincher-rules-'));
const tests = join(import.meta.dirname, '..', 'monitoring', 'rules.promtool.yml');
let tool = 'promtool';

const run = (command: string, words: readonly string[], cwd: string) =>
  spawnSync(command, words, { cwd, encoding: 'utf8', timeout: 120_000 });
const promtool = (...words: string[]) => run(tool, words, folder);

/** Out of Debian's package, without installing it: its service would start on this machine. */
function fetched(): string {
  const kept = join(cacheDir(), 'promtool');
  if (existsSync(kept)) return kept;
  const place = mkdtempSync(join(tmpdir(), 'clincher-promtool-'));
  if (run('apt-get', ['download', '-q', 'prometheus'], place).status !== 0) {
    run('apt-get', ['update', '-q'], place);
    run('apt-get', ['download', '-q', 'prometheus'], place);
  }
  const [archive = ''] = readdirSync(place).filter((name) => name.endsWith('.deb'));
  const { status, stderr } = run('dpkg-deb', ['-x', archive, '.'], place);
  if (status !== 0) throw new Error(`no promtool: install Prometheus' promtool, please. ${stderr}`);
  mkdirSync(cacheDir(), { recursive: true });
  copyFileSync(join(place, 'usr', 'bin', 'promtool'), kept);
  rmSync(place, { recursive: true });
  return kept;
}

beforeAll(() => {
  if (run('promtool', ['--version'], folder).status !== 0) tool = fetched();
  writeFileSync(join(folder, 'rules.yml'), rulesFile(fixtureServer()));
  copyFileSync(tests, join(folder, 'tests.yml'));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('the rules are well formed', () => {
  expect(promtool('check', 'rules', 'rules.yml')).toMatchObject({ status: 0 });
});

test('they fire, and are quiet, as their tests say', () => {
  const { status, stdout, stderr } = promtool('test', 'rules', 'tests.yml');
  expect(status, stdout + stderr).toBe(0);
});

test('a rule that is wrong is found', () => {
  const text = readFileSync(join(folder, 'rules.yml'), 'utf8');
  writeFileSync(join(folder, 'rules.yml'), text.replaceAll('service="openclaw"', 'service="x"'));
  expect(promtool('test', 'rules', 'tests.yml').status).not.toBe(0);
});
