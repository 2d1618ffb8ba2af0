// The script in front of every npm command: it installs what is missing, once, and says no to an old Node.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { must, type RunResult, run } from '../../scripts/run.js';

let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clincher-test-'));
  mkdirSync(`${folder}/scripts`);
  mkdirSync(`${folder}/near`);
  copyFileSync(new URL('../../scripts/with-deps.sh', import.meta.url), `${folder}/scripts/with-deps.sh`);
  writeFileSync(`${folder}/near/package.json`, '{"name":"near","version":"1.0.0"}');
  writeFileSync(`${folder}/package.json`, '{"name":"x","dependencies":{"near":"file:./near"}}');
  await must('npm', ['install', '--package-lock-only', '--silent'], { cwd: folder });
  rmSync(`${folder}/node_modules`, { recursive: true, force: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

function withDeps(env: Record<string, string> = {}): Promise<RunResult> {
  return run('sh', [`${folder}/scripts/with-deps.sh`, 'sh', '-c', 'echo "$PWD $1"', 'sh', 'a b'], { env });
}

test('installs when something is missing or stale, and only then', async () => {
  const first = await withDeps();
  expect(first).toMatchObject({ code: 0, stdout: `${folder} a b\n` });
  expect(first.stderr).toMatch(/npm ci/);
  expect(existsSync(`${folder}/node_modules/near`)).toBe(true);
  expect((await withDeps()).stderr).toBe('');
  const later = new Date(Date.now() + 5000);
  utimesSync(`${folder}/package-lock.json`, later, later);
  expect((await withDeps()).stderr).toMatch(/npm ci/);
});

test('refuses an old Node with a sentence', async () => {
  mkdirSync(`${folder}/old`);
  const node = '#!/bin/sh\nif [ "$1" = --version ]; then echo v18.20.0; else exit 1; fi\n';
  writeFileSync(`${folder}/old/node`, node);
  chmodSync(`${folder}/old/node`, 0o755);
  const result = await withDeps({ PATH: `${folder}/old:${process.env['PATH']}` });
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('clincher needs Node 20.19 or newer; this is v18.20.0');
});
