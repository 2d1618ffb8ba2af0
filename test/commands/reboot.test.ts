// Why a host should have another boot, told from what it says; and the scripts themselves, which mind in which boot they are.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bootSeen, drain, drained, reasonsToReboot, reboot } from '../../src/commands/reboot.js';
import { firstAnswer } from '../../src/commands/upgrade.js';
import type { Action } from '../../src/model.js';

const seen = (stdout: string) => bootSeen.parse({ stdout, stderr: '', exitCode: 0 });
const HEAD = 'boot 6f0d2c3e-0000-4000-8000-000000000001\nnow 1764200000000\n';
const reasons = (rest: string) => reasonsToReboot(seen(HEAD + rest));

describe('reasons', () => {
  it.each([
    ['nothing installed, as in a container', 'kernel 6.18.0\n'],
    ['the newest runs', 'kernel 6.1.0-31-amd64\ninstalled 6.1.0-29-amd64\ninstalled 6.1.0-31-amd64\n'],
    [
      'another flavour is newer',
      'kernel 6.8.0-45-generic\ninstalled 6.8.0-45-generic\ninstalled 6.11.0-1020-aws\n',
    ],
    ['nine is less than ten', 'kernel 6.1.0-10-amd64\ninstalled 6.1.0-9-amd64\ninstalled 6.1.0-10-amd64\n'],
  ])('none: %s', (_, rest) => expect(reasons(rest)).toEqual([]));
  it.each([
    ['ten is more than nine', 'kernel 6.1.0-9-amd64\ninstalled 6.1.0-9-amd64\ninstalled 6.1.0-10-amd64\n'],
    ['of the cloud', 'kernel 6.1.0-9-cloud-amd64\ninstalled 6.1.0-10-cloud-amd64\n'],
    ['another series', 'kernel 6.1.0-31-amd64\ninstalled 6.12.4-1-amd64\n'],
    ['Debian 13 names', 'kernel 6.12.41+deb13-amd64\ninstalled 6.12.57+deb13-amd64\n'],
  ])('a newer kernel: %s', (_, rest) =>
    expect(reasons(rest)).toEqual([expect.stringMatching(/is installed$/)]),
  );
  it('somebody asks, with and without a list of packages', () => {
    expect(reasons('kernel x\nrequired\n')).toEqual(['/run/reboot-required asks for it']);
    expect(reasons('kernel x\nrequired\npackage libc6\npackage linux-base\n')).toEqual([
      '/run/reboot-required asks for it for libc6, linux-base',
    ]);
  });
  it('a host that does not say in which boot it is says nothing', () =>
    expect(() => seen('kernel x\n')).toThrow(/which boot/));
  it('when it was last told', () =>
    expect(seen(`${HEAD}left 6f0d 1764199990000\n`).left).toEqual({ bootId: '6f0d', atMs: 1764199990000 }));
});

let folder: string;
const at = (name: string): string => join(folder, name);
const program = (name: string, text: string): void => {
  writeFileSync(at(name), `#!/bin/sh\n${text}\n`);
  chmodSync(at(name), 0o755);
};
const calls = (): string => (existsSync(at('log')) ? readFileSync(at('log'), 'utf8') : '');
const BOOT = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** With its folder on the machine in this one's. */
function execute({ command }: Action): { code: number | null; said: string } {
  const [name = '', ...words] = command.map((word) => String(word).replaceAll('/var/lib/clincher', folder));
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
  const done = spawnSync(name, words, { encoding: 'utf8', env });
  return { code: done.status, said: done.stdout + done.stderr };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reboot-'));
  writeFileSync(at('running'), 'a openclaw unless-stopped\nb litellm unless-stopped\nc job no\n');
  program(
    'docker',
    String.raw`case "$1 $2 $3" in
"ps -q "*) cut -d' ' -f1 "${at('running')}" ;;
"ps --format {{.Names}}") cut -d' ' -f2 "${at('running')}" ;;
"ps --format "*) cut -d' ' -f2 "${at('running')}" | while read -r n; do echo "$n does not stop"; done ;;
"inspect -f "*) grep "^$4 " "${at('running')}" | cut -d' ' -f3 ;;
"update --restart "*) echo "$@" >>"${at('log')}" ;;
"stop "*) echo "$@" >>"${at('log')}"; shift; for c; do sed -i "/^$c \| $c /d" "${at('running')}"; done ;;
esac`,
  );
  program('systemctl', `echo systemctl "$@" >>"${at('log')}"`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('drain', () => {
  it('the gateway first; what a person would start again is told to start at boot, and only that', () => {
    const { code, said } = execute(drain(BOOT, at('no-lock'), 'openclaw'));
    expect([code, drained(said)?.fromMs]).toEqual([0, expect.any(Number)]);
    expect(calls().split('\n')).toEqual([
      ...['update --restart always a', 'update --restart always b', 'stop openclaw', 'stop b c', ''],
    ]);
    expect(readFileSync(at('reboot-returning'), 'utf8')).toBe('a\nb\n');
  });
  it('in another boot nothing is stopped', () => {
    const { code, said } = execute(drain('another', at('no-lock'), 'openclaw'));
    expect([code, drained(said), calls()]).toEqual([0, undefined, '']);
  });
  it('one that does not stop is an error', () => {
    program('sed', 'exit 0');
    expect(execute(drain(BOOT, at('no-lock'), 'openclaw'))).toEqual({
      code: 1,
      said: expect.stringContaining('does not stop'),
    });
  });
});

describe('reboot', () => {
  it('once, in the boot that was decided about', () => {
    expect(execute(reboot(BOOT, at('no-lock'))).code).toBe(0);
    expect(calls()).toBe('systemctl reboot\n');
    expect(readFileSync(at('reboot'), 'utf8')).toMatch(new RegExp(`^${BOOT} \\d+\n$`));
  });
  it('never in another', () => {
    expect(execute(reboot('another', at('no-lock'))).code).toBe(0);
    expect(calls()).toBe('');
  });
});

describe('the first answer', () => {
  const first = (stdout: string) => firstAnswer('r').parse({ stdout, stderr: '', exitCode: 0 });
  it.each([
    ['it was silent when it was first asked', '1000 9000\n1010 5000\n', { atMs: 5000, atMost: false }],
    ['it answered at once', '1000 9000\n', { atMs: 1000, atMost: true }],
    ['it answered, and was silent later', '1000 9000\n4000 5000\n', { atMs: 1000, atMost: true }],
    ['it has not answered yet', '1000 9000\n1010 9000\n', null],
    ['nobody asked', '', null],
  ])('%s', (_, stdout, answer) => expect(first(stdout)).toEqual(answer));
});
