// What an upgrade keeps on the host and puts back, by the very scripts: cut off anywhere, each folder is one or the other.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  downtime,
  held,
  hold as holdFor,
  keepFolder,
  putBack,
  standing,
} from '../../src/commands/upgrade.js';
import type { Action } from '../../src/model.js';

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
const stack = (): string => at('stack');
const keep = (): string => keepFolder(at('stack', 'monitoring', 'backups'));

const program = (name: string, text: string): void => {
  writeFileSync(at('bin', name), `#!/bin/sh\n${text}\n`);
  chmodSync(at('bin', name), 0o755);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
  for (const name of ['bin', 'stack/data/devices', 'stack/monitoring/backups'])
    mkdirSync(at(name), { recursive: true });
  program('systemctl', 'echo "$@" >>"'.concat(at('systemctl.log'), '"'));
  program('docker', `echo "$@" >>"${at('docker.log')}"`);
  // Not on every machine that runs these tests; the real one is part of the proof on a real host.
  program('rsync', 'for w in "$@"; do s=$d; d=$w; done; rm -rf "$d"; cp -a "$s" "$d"');
  writeFileSync(at('stack', 'data', 'openclaw.json'), 'old');
  writeFileSync(at('stack', 'data', 'devices', 'paired.json'), 'devices');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const kept = (folders = ['data']) => ({ stack: stack(), keep: keep(), container: 'openclaw', folders });
const hold = (what: ReturnType<typeof kept>, run: string) => holdFor(what, run, '');
function run({ command }: Action): { code: number | null; said: string } {
  const [name = '', ...words] = command.map(String);
  const env = { ...process.env, PATH: `${at('bin')}:${process.env['PATH']}` };
  const done = spawnSync(name, words, { encoding: 'utf8', env });
  return { code: done.status, said: done.stdout + done.stderr };
}
const config = (): string => readFileSync(at('stack', 'data', 'openclaw.json'), 'utf8');
const calls = (): string => (existsSync(at('docker.log')) ? readFileSync(at('docker.log'), 'utf8') : '');

/** The new version has made something else of it. */
const migrate = (): void => {
  writeFileSync(at('stack', 'data', 'openclaw.json'), 'new');
  rmSync(at('stack', 'data', 'devices'), { recursive: true });
};

describe('hold', () => {
  it('stops the service, then keeps what it wrote', () => {
    const { code, said } = run(hold(kept(), 'run-1'));
    expect([code, said]).toEqual([0, expect.stringMatching(/^held: /m)]);
    expect(held(said).copyMs).toBeGreaterThanOrEqual(0);
    expect(calls()).toBe('stop openclaw\n');
    expect(readFileSync(join(keep(), 'before', 'data', 'openclaw.json'), 'utf8')).toBe('old');
  });
  it('again, after the host was restarted: what is kept stays as it was kept', () => {
    run(hold(kept(), 'run-1'));
    migrate();
    run(hold(kept(), 'run-1'));
    expect(readFileSync(join(keep(), 'before', 'data', 'openclaw.json'), 'utf8')).toBe('old');
  });
  it('what an earlier run left is not taken for its own', () => {
    run(hold(kept(), 'run-1'));
    writeFileSync(at('stack', 'data', 'openclaw.json'), 'later');
    run(hold(kept(), 'run-2'));
    expect(readFileSync(join(keep(), 'before', 'data', 'openclaw.json'), 'utf8')).toBe('later');
  });
  it('without room for the copy nothing is stopped', () => {
    program('df', 'echo "Filesystem 1024-blocks Used Available Capacity Mounted"; echo "/dev/x 9 9 9 99% /"');
    const { code, said } = run(hold(kept(), 'run-1'));
    expect([code, calls()]).toEqual([28, '']);
    expect(said).toContain('no room for the copy to go back to');
  });
  it('the new one is made before the old one stops, and started when what that wrote to its end is kept', () => {
    const wrote = at('stack', 'data', 'openclaw.json');
    program(
      'docker',
      `echo "$PWD $@" >>"${at('docker.log')}"; case $1 in compose) echo last >"${wrote}";; start) echo new >"${wrote}";; esac`,
    );
    expect(run(holdFor(kept(), 'run-1', 'gateway')).code).toBe(0);
    const said = calls().split('\n');
    expect([said[0], said[1]?.split(' ').slice(1).join(' ')]).toEqual([
      `${stack()} compose up --no-start gateway`,
      'start openclaw',
    ]);
    expect(readFileSync(join(keep(), 'before', 'data', 'openclaw.json'), 'utf8')).toBe('last\n');
    expect(readFileSync(wrote, 'utf8')).toBe('new\n');
  });
  it('a copy that fails starts nothing', () => {
    program('rsync', `[ ! -e "${at('docker.log')}" ]`);
    expect(run(holdFor(kept(), 'run-1', 'gateway')).code).not.toBe(0);
    expect(calls()).toBe('compose up --no-start gateway\n');
  });
  it('a service that writes nothing is only stopped', () => {
    expect(run(hold(kept([]), 'run-1')).code).toBe(0);
    expect(calls()).toBe('stop openclaw\n');
  });
});

describe('put back', () => {
  it('all is as it was, and what the new one wrote lies beside it', () => {
    run(hold(kept(), 'run-1'));
    migrate();
    const { code, said } = run(putBack(kept(), 'run-1'));
    expect([code, config()]).toEqual([0, 'old']);
    expect(said).toContain('data is as it was');
    expect(existsSync(at('stack', 'data', 'devices', 'paired.json'))).toBe(true);
    expect(readFileSync(join(keep(), 'failed', 'data', 'openclaw.json'), 'utf8')).toBe('new');
    expect(existsSync(join(keep(), 'before'))).toBe(false);
  });
  it('cut off between its two moves, it goes on there', () => {
    run(hold(kept(), 'run-1'));
    migrate();
    program('mv', `[ "$2" = "${join(keep(), 'failed', 'data')}" ] || exit 1; exec /bin/mv "$@"`);
    expect(run(putBack(kept(), 'run-1')).code).not.toBe(0);
    expect(existsSync(at('stack', 'data'))).toBe(false);
    rmSync(at('bin', 'mv'));
    expect([run(putBack(kept(), 'run-1')).code, config()]).toEqual([0, 'old']);
    expect(readFileSync(join(keep(), 'failed', 'data', 'openclaw.json'), 'utf8')).toBe('new');
  });
  it('twice: the second finds nothing to do', () => {
    run(hold(kept(), 'run-1'));
    migrate();
    run(putBack(kept(), 'run-1'));
    writeFileSync(at('stack', 'data', 'openclaw.json'), 'since');
    expect([run(putBack(kept(), 'run-1')).code, config()]).toEqual([0, 'since']);
  });
  it('where nothing was kept, nothing was begun', () => {
    expect([run(putBack(kept(), 'run-1')).code, config(), calls()]).toEqual([0, 'old', '']);
  });
  it('a daemon that does not answer ends it before anything is moved', () => {
    run(hold(kept(), 'run-1'));
    migrate();
    program('docker', '[ "$1" = inspect ]');
    expect([run(putBack(kept(), 'run-1')).code, config()]).toEqual([1, 'new']);
  });
});

describe('what is read', () => {
  const reading = (stdout: string, exitCode = 0) => ({ stdout, stderr: '', exitCode });
  it('times without an answer, and whether anybody asked all the time', () => {
    expect(downtime('x').parse(reading('1000 9000\n2000 5000\nactive\n'))).toEqual({
      gaps: [{ fromMs: 2000, toMs: 5000 }],
      whole: true,
    });
    expect(downtime('x').parse(reading('1000 9000\ninactive\n', 3)).whole).toBe(false);
    expect(downtime('x').parse(reading('', 1))).toEqual({ gaps: [], whole: false });
  });
  it('a container that is not there is no verdict', () => {
    expect(() => standing('openclaw').parse(reading('', 1))).toThrow(/docker inspect/);
  });
});
