// Bad luck in the middle of a run, on real hosts: whatever breaks, the run waits or goes on, and ends converged.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CliProcess, CliResult } from '../e2e/cli.js';
import { stepBegins, until } from '../e2e/moments.js';
import { Stage } from '../e2e/stage.js';

const id = randomBytes(2).toString('hex');
const [one, two] = [`luck-a-${id}`, `luck-b-${id}`];
const stage = new Stage({ say: (line) => void process.stderr.write(`${line}\n`) });

beforeAll(async () => {
  await stage.hosts([
    { name: one, distro: 'debian13', sshMode: 'socket' },
    { name: two, distro: 'debian12', sshMode: 'service' },
  ]);
  await stage.up();
});
afterAll(() => stage.close());

const follow = (name: string): CliProcess =>
  stage.start(['follow', '@last', '-s', name, '--json'], { timeoutMs: 300_000 });
const end = (name: string): Promise<CliResult> => stage.toTheEnd(follow(name), name);
const retry = async (name: string): Promise<void> =>
  expect(await stage.cli(['retry', '@last', '-s', name])).toMatchObject({ code: 0 });
const errorOf = ({ doc }: CliResult, step: string) => doc.steps.find((each) => each.id === step)?.error;

async function quiet(name: string): Promise<void> {
  const again = await stage.provision(name);
  expect(again.code, again.stdout + again.stderr).toBe(0);
  expect(again.doc.outcome).toMatchObject({ changed: 0, failed: 0, unreachable: 0 });
}

/** In this order: each test takes the run of its host a step further. */
describe('one run, and what falls on it', () => {
  const host = () => stage.host(one);
  let viewer: CliProcess;
  let run = '';

  test('Ctrl-C leaves the view with 130; the run goes on', async () => {
    viewer = stage.start(['run', 'provision', '-s', one, '--yes', '--on-failure', 'ask']);
    await stepBegins(host(), 'base.user');
    viewer.child.kill('SIGINT');
    const left = await viewer.ended;
    expect(left.code, left.stdout + left.stderr).toBe(130);
    run = new RegExp(`${one}-[0-9a-f]{4}`).exec(left.stderr)?.[0] ?? '';
    expect(left.stderr).toContain(`clincher follow ${run}`);
  });

  test('a second run on the same host: exit 7, and who holds it', async () => {
    const second = await stage.provision(one);
    expect(second.code).toBe(7);
    expect(second.stderr + second.stdout).toContain(run);
    expect(second.stderr + second.stdout).toContain('LOCKED');
  });

  test('the cable is pulled in the middle of the packages, and sshd stops later', async () => {
    await stepBegins(host(), 'base.packages');
    await host().disconnect();
    await sleep(12_000);
    await host().connect();
    await host().exec('systemctl stop ssh.socket; systemctl kill ssh.service; pkill sshd');
    await sleep(5_000);
    await host().exec('systemctl start ssh.socket');
  });

  test('dockerd is stopped in the middle of its restart, and all of it ends converged', async () => {
    await stepBegins(host(), 'base.docker-daemon');
    // Not a moment of chance: a stop cancels a restart that is under way, and then the restart reports a failure.
    await host().exec(
      `for i in $(seq 400); do systemctl list-jobs --no-legend | grep -q '^ *[0-9]* docker.service' && break; sleep 0.05; done
systemctl stop docker.service docker.socket`,
      { timeoutMs: 60_000 },
    );
    const done = await end(one);
    expect(done.code, done.stdout + done.stderr).toBe(0);
    expect(done.doc.run).toBe(run);
    expect(done.doc.outcome).toMatchObject({ failed: 0, unreachable: 0 });
    await quiet(one);
  });
});

describe('another run, whose host lies, fills up, is locked and reboots', () => {
  const host = () => stage.host(two);

  test('a command that lies: the step says that the host still differs', async () => {
    const stub = '/usr/local/sbin/apt-get';
    // With lists of its own, nothing before the step needs the tool.
    expect((await host().exec('apt-get -q update', { timeoutMs: 120_000 })).code).toBe(0);
    await host().exec(`printf '#!/bin/sh\\nexit 0\\n' >${stub} && chmod +x ${stub}`);
    const seen = await stage.provision(two);
    expect(seen.code, seen.stdout + seen.stderr).toBe(8);
    expect(errorOf(seen, 'base.packages')?.code, JSON.stringify(seen.doc.gates)).toBe(
      'STEP_DID_NOT_CONVERGE',
    );
    await host().exec(`rm ${stub}`);
  });

  test('the disk is full in the middle: the step fails with what apt said, and goes on after a retry', async () => {
    const cache = '/var/cache/apt/archives';
    await host().exec(`mount -t tmpfs -o size=2m tmpfs ${cache} && mkdir -p ${cache}/partial`);
    await retry(two);
    const seen = await end(two);
    expect(seen.code, seen.stdout + seen.stderr).toBe(8);
    expect(errorOf(seen, 'base.packages')?.code, JSON.stringify(seen.doc.gates)).toBe('STEP_FAILED');
    expect(JSON.stringify(errorOf(seen, 'base.packages'))).toMatch(/enough free space|No space left/);
    await host().exec(`umount ${cache}`);
  });

  test('apt is held by another process: the step waits, says who it is, and goes on', async () => {
    const hold =
      'import fcntl,time; f=open("/var/lib/dpkg/lock-frontend","w"); fcntl.lockf(f,fcntl.LOCK_EX); time.sleep(600)';
    await host().exec(`nohup python3 -c '${hold}' >/dev/null 2>&1 & echo $! >/tmp/holder; sleep 1`);
    await retry(two);
    const held = async (): Promise<boolean> =>
      /apt is held by python3 \(pid \d+\)/.test((await stage.cli(['show', '@last', '-s', two])).stdout);
    await until('the run says who holds apt', held, 60_000);
    await host().exec('kill $(cat /tmp/holder)');
  });

  test('Temporal is killed and the host reboots in the middle: all of it ends converged', async () => {
    await until('dpkg unpacks', async () => (await host().exec('pgrep -x dpkg')).code === 0, 120_000);
    await stage.plane.signal('server', 'SIGKILL');
    await host().reboot();
    const done = await end(two);
    expect(done.code, done.stdout + done.stderr).toBe(0);
    expect(done.doc.outcome).toMatchObject({ failed: 0, unreachable: 0 });
    await quiet(two);
  });

  test.each([
    ['half-installed', 'which dpkg passes over'],
    ['unpacked', 'which dpkg refuses'],
  ])('a package that was cut off while it was unpacked (%s, %s) is unpacked once more', async (state) => {
    const status = `'/^Package: logrotate$/,/^$/s/^Status: .*/Status: install reinstreq ${state}/'`;
    await host().exec(`sed -i ${status} /var/lib/dpkg/status; rm /usr/sbin/logrotate`);
    await host().exec('dpkg --configure -a');
    expect((await host().exec('dpkg --audit')).stdout, 'dpkg heals it by itself').not.toBe('');
    const done = await stage.provision(two);
    expect(done.code, done.stdout + done.stderr).toBe(0);
    expect((await host().exec('logrotate --version >/dev/null 2>&1 && dpkg --audit')).stdout).toBe('');
    await quiet(two);
  });
});
