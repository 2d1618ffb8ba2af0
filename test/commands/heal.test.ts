// A restart that is waited for, by its very script with a made-up Docker: what becomes healthy, what does not, what only ends again and again.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { healed, notHealed, restart } from '../../src/commands/heal.js';

const folder = mkdtempSync(join(tmpdir(), 'clincher-heal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What it is, and how often Docker has started it since. */
function restarted(state: string, times: number): string {
  const docker = join(folder, 'docker');
  const said = `case "$*" in *RestartCount*) echo ${times};; inspect*) echo "${state}";; logs*) echo "no such setting";; esac`;
  writeFileSync(docker, `#!/bin/sh\n${said}\n`);
  chmodSync(docker, 0o755);
  const [program = '', ...words] = restart('openclaw', 2).command as string[];
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
  return spawnSync(program, words, { encoding: 'utf8', env }).stdout;
}

it('healthy: it is waited for no longer', () => {
  expect(healed(restarted('running healthy', 0))).toBe('after 0 s');
});

it('not healthy in its time: how it is, and its last words', () => {
  const log = restarted('running unhealthy', 0);
  expect(notHealed(log)).toBe('running unhealthy after 2 s');
  expect(log).toContain('no such setting');
});

it('one that ends again and again will not become healthy by waiting', () => {
  expect(notHealed(restarted('restarting unhealthy', 4))).toBe('restarting unhealthy after 0 s');
});
