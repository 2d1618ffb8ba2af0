import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arm, disarm, GUARD_SECONDS } from '../../src/activities/guard.js';
import { whole } from '../../src/activities/script.js';
import type { Guard } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';

// The scripts run for real, in a folder that stands for the host's root; systemd is a stub that records its calls.
let root: string;
const at = (path: string): string => join(root, path);
const read = (path: string): string => readFileSync(at(path), 'utf8');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'guard-'));
  for (const folder of ['etc/ssh', 'etc/systemd/system', 'var/log/clincher', 'bin'])
    mkdirSync(at(folder), { recursive: true });
  for (const tool of ['systemctl', 'systemd-run']) {
    const answer = tool === 'systemctl' ? 'case "$*" in *is-active*) exit 3;; esac' : '';
    writeFileSync(at(`bin/${tool}`), `#!/bin/sh\necho "${tool} $*" >>${at('calls')}\n${answer}\n`, {
      mode: 0o755,
    });
  }
  writeFileSync(at('etc/ssh/old.conf'), 'Port 22\n');
});
afterEach(() => rmSync(root, { recursive: true }));

const guard: Guard = {
  restore: () => ['/etc/ssh', '/etc/new.conf'],
  reload: [['systemctl', 'restart', 'ssh']],
};

function sh(script: string): string {
  const moved = script
    .replaceAll('/usr/local/sbin:', `${at('bin')}:/usr/local/sbin:`)
    .replaceAll(/(?<![\w.])\/(etc|var)\b/g, `${root}/$1`)
    .replaceAll('tar -C / ', `tar -C / `);
  return execFileSync('sh', ['-s'], { input: moved, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}
const revert = () => sh(whole(`sh ${GUARD}/k.1/revert`));
const GUARD = '/var/lib/clincher/guard';
const armed = () => sh(whole(arm('k.1', guard, fixtureServer())));

describe('a guard', () => {
  it('puts files back as they were, and takes away what was not there', () => {
    armed();
    writeFileSync(at('etc/ssh/old.conf'), 'Port 9922\n');
    writeFileSync(at('etc/ssh/added.conf'), 'x');
    writeFileSync(at('etc/new.conf'), 'x');
    revert();
    expect(read('etc/ssh/old.conf')).toBe('Port 22\n');
    expect(existsSync(at('etc/ssh/added.conf'))).toBe(false);
    expect(existsSync(at('etc/new.conf'))).toBe(false);
    expect(read('calls')).toContain('systemctl restart ssh');
    expect(read('var/log/clincher/audit.log')).toContain('guard k.1 reverted');
  });

  it('is due after its time, and at a boot', () => {
    armed();
    expect(read('calls')).toContain(`--on-active=${GUARD_SECONDS}`);
    expect(read('calls')).toContain('enable clincher-revert.service');
    expect(read('etc/systemd/system/clincher-revert.service')).toContain('Before=ssh.service ssh.socket');
  });

  it('reverts once only: what was changed afterwards stays', () => {
    armed();
    revert();
    writeFileSync(at('etc/ssh/old.conf'), 'Port 2222\n');
    revert();
    expect(read('etc/ssh/old.conf')).toBe('Port 2222\n');
  });

  it('forgets all when the new way was proved', () => {
    armed();
    expect(sh(disarm('k.1')).trim()).toBe('kept');
    expect(existsSync(at('var/lib/clincher/guard/k.1'))).toBe(false);
    expect(existsSync(at('etc/systemd/system/clincher-revert.service'))).toBe(false);
  });

  it('says so when the host was faster than the proof', () => {
    armed();
    revert();
    expect(sh(disarm('k.1')).trim()).toBe('reverted');
  });

  it('leaves the boot unit to another guard that is pending', () => {
    armed();
    sh(whole(arm('k.2', guard, fixtureServer())));
    sh(disarm('k.1'));
    expect(existsSync(at('etc/systemd/system/clincher-revert.service'))).toBe(true);
  });
});
