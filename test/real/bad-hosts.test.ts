// Servers that cannot be reached or are not fit: each says why with its code, and nothing on them is changed.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CliResult } from '../e2e/cli.js';
import { Stage } from '../e2e/stage.js';

const name = `bad-${randomBytes(2).toString('hex')}`;
const stage = new Stage({ say: (line) => void process.stderr.write(`${line}\n`) });
const host = () => stage.host(name);
let server: Record<string, unknown>;

beforeAll(async () => {
  await stage.hosts([{ name, distro: 'debian12', sshMode: 'service' }]);
  server = stage.server(name);
  await stage.up();
});
afterAll(() => stage.close());
afterEach(async () => {
  expect((await host().exec('ls /var/log/clincher/audit.log')).code, 'nothing was changed').not.toBe(0);
  stage.set(name, server);
});

const plan = (): Promise<CliResult> => stage.cli(['plan', 'provision', '-s', name, '--json']);
const run = (): Promise<CliResult> =>
  stage.cli(['run', 'provision', '-s', name, '--yes', '--json', '--on-failure', 'abort']);

function says(seen: CliResult, exit: number, code: string, words: RegExp): void {
  expect(seen.doc.error?.code, seen.stdout).toBe(code);
  expect(JSON.stringify(seen.doc.error)).toMatch(words);
  expect(seen.code).toBe(exit);
}

describe('not reached', () => {
  test('a host that is not there', async () => {
    stage.set(name, { address: '10.66.0.253' });
    says(await plan(), 5, 'UNREACHABLE', /10\.66\.0\.253/);
  });

  test('a wrong port', async () => {
    stage.set(name, { ssh: { port: 9998, first_contact: { user: 'root', port: 9999 } } });
    says(await plan(), 5, 'UNREACHABLE', /9999.*ECONNREFUSED/s);
  });

  test('a key that the host does not know', async () => {
    const key = join(stage.folder, 'stranger');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    stage.set(name, { ssh: { identity_file: key, agent: false } });
    says(await plan(), 5, 'AUTH_REFUSED', /root@.*refused the key/s);
  });

  test('a host key that is not pinned: both are shown, and no login is tried', async () => {
    const pinned = 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU';
    stage.set(name, { ssh: { host_keys: [pinned] } });
    const before = await logins();
    const seen = await run();
    says(
      seen,
      5,
      'HOST_KEY_MISMATCH',
      new RegExp(`shown: .*SHA256:.*pinned: ${pinned.replace(/[+/]/g, '.')}`, 's'),
    );
    expect(await logins()).toBe(before);
  });

  test('a user who may not become root', async () => {
    const keys =
      'install -d -o plain -m 700 /home/plain/.ssh && install -o plain -m 600 /root/.ssh/authorized_keys /home/plain/.ssh/';
    expect((await host().exec(`useradd -m -s /bin/bash plain && ${keys}`)).code).toBe(0);
    stage.set(name, { ssh: { first_contact: { user: 'plain', port: 22 } } });
    says(await plan(), 1, 'SUDO_REFUSED', /plain@/);
  });
});

const logins = async (): Promise<string> =>
  (await host().exec('journalctl -u ssh -o cat | grep -c Accepted')).stdout.trim();

const UNFIT: readonly (readonly [string, string, string, string, RegExp])[] = [
  [
    'an operating system that is not supported',
    'cp /etc/os-release /tmp/kept && rm /etc/os-release && sed "s/^ID=.*/ID=arch/;s/^VERSION_ID=.*/VERSION_ID=1/" /tmp/kept >/etc/os-release',
    'cp /tmp/kept /etc/os-release',
    'OS_UNSUPPORTED',
    /arch 1 is not supported/,
  ],
  [
    'a full disk',
    'mkdir -p /var/lib/docker; mount -t tmpfs -o size=20m tmpfs /var/lib/docker && head -c 20m /dev/zero >/var/lib/docker/full; true',
    'umount /var/lib/docker',
    'PREFLIGHT_FAILED',
    /\/var\/lib\/docker has 0\.0 GiB free/,
  ],
  [
    // No host of the lab can have a clock of its own: the tool that reads it stands in for it.
    'a clock far off',
    "printf '#!/bin/sh\\necho $(( $(/bin/date +%%s) - 7200 ))\\n' >/usr/local/bin/date; chmod +x /usr/local/bin/date",
    'rm /usr/local/bin/date',
    'PREFLIGHT_FAILED',
    /the clock is 7\d\d\d s behind/,
  ],
];

describe('not fit', () => {
  test.each(UNFIT)('%s', async (_, spoil, mend, code, words) => {
    expect((await host().exec(spoil)).code).toBe(0);
    try {
      says(await run(), 1, code, words);
    } finally {
      await host().exec(mend);
    }
  });

  test('apt held by somebody: doctor says by whom', async () => {
    const hold =
      'import fcntl,time; f=open("/var/lib/dpkg/lock-frontend","w"); fcntl.lockf(f,fcntl.LOCK_EX); time.sleep(60)';
    await host().exec(`nohup python3 -c '${hold}' >/dev/null 2>&1 & echo $! >/tmp/holder; sleep 1`);
    const pid = (await host().exec('cat /tmp/holder')).stdout.trim();
    try {
      const doctor = await stage.cli(['doctor', '-s', name]);
      expect(doctor.stdout).toMatch(new RegExp(`apt is held by python3 \\(pid ${pid}\\)`));
      expect(doctor.code).toBe(1);
    } finally {
      await host().exec('kill $(cat /tmp/holder)');
    }
  });
});
