import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureDockerEngine } from '../../scripts/docker-engine.js';
import { Host, Meter } from '../../src/activities/host.js';
import { routes } from '../../src/activities/routes.js';
import { render, whole } from '../../src/activities/script.js';
import { type Credentials, connect, type Session } from '../../src/activities/ssh.js';
import { Capture } from '../../src/client/capture.js';
import { leashed } from '../../src/commands/leash.js';
import type { Server, SshEndpoint } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';
import { type LabHost, labKey, labUp } from '../lab/lab.js';

let host: LabHost;
let jump: LabHost;
let keys: string;
const opened: Session[] = [];

beforeAll(async () => {
  await ensureDockerEngine({ say: () => {} });
  [host, jump] = (await labUp(
    [
      { name: 'ssh-a', distro: 'debian13' },
      { name: 'ssh-b', distro: 'debian12' },
    ],
    { fresh: true },
  )) as [LabHost, LabHost];
  keys = mkdtempSync(join(tmpdir(), 'keys-'));
});
afterAll(async () => {
  for (const session of opened) session.close();
  await Promise.all([host?.remove(), jump?.remove()]);
  rmSync(keys, { recursive: true, force: true });
});

const endpoint = (at: LabHost = host, more: Partial<SshEndpoint> = {}): SshEndpoint => ({
  address: at.address,
  port: 22,
  user: 'root',
  host_keys: at.hostKeys,
  ...more,
});
const credentials = (): Credentials => ({
  privateKey: readFileSync(labKey().privateKeyFile, 'utf8'),
  offer: [],
});
const server = (): Server => {
  const made = fixtureServer({ address: host.address });
  return { ...made, ssh: { ...made.ssh, host_keys: host.hostKeys } };
};

async function open(to = endpoint(), by = credentials(), through?: Session): Promise<Session> {
  const session = await connect(to, by, { timeoutMs: 10_000, through });
  opened.push(session);
  return session;
}

const newKey = (name: string, passphrase: string): { file: string; line: string } => {
  const file = join(keys, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', name, '-f', file]);
  chmodSync(file, 0o600);
  return { file, line: readFileSync(`${file}.pub`, 'utf8').trim() };
};
const admit = (line: string) => host.exec(`echo '${line}' >>/root/.ssh/authorized_keys`);
const asHost = (session: Session, password?: string): Host =>
  new Host(session, () => open(), server(), password, new Meter());

describe('who may be talked to', () => {
  it('refuses a host whose key is not pinned, and shows both fingerprints', async () => {
    const pinned = 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU';
    await expect(open(endpoint(host, { host_keys: [pinned] }))).rejects.toMatchObject({
      code: 'HOST_KEY_MISMATCH',
      evidence: [
        expect.stringMatching(new RegExp(`shown: +(${host.hostKeys.join('|').replaceAll('+', '\\+')})`)),
        `pinned: ${pinned}`,
      ],
    });
  });
  it('refuses every host when nothing is pinned', () =>
    expect(open(endpoint(host, { host_keys: [] }))).rejects.toMatchObject({ code: 'HOST_KEY_MISMATCH' }));
});

describe('how we say who we are', () => {
  it('a key that the host does not know is refused', async () => {
    const { file } = newKey('stranger', '');
    await expect(
      open(endpoint(), { privateKey: readFileSync(file, 'utf8'), offer: [] }),
    ).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
  });
  it('a key with a passphrase, right and wrong', async () => {
    const { file, line } = newKey('locked', 'correct horse');
    await admit(line);
    const privateKey = readFileSync(file, 'utf8');
    expect((await open(endpoint(), { privateKey, passphrase: 'correct horse', offer: [] })).alive).toBe(true);
    await expect(
      open(endpoint(), { privateKey, passphrase: 'battery staple', offer: [] }),
    ).rejects.toMatchObject({ code: 'AUTH_REFUSED', message: expect.not.stringContaining('battery') });
    await expect(open(endpoint(), { privateKey, offer: [] })).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
  });
  it('an agent with more keys than sshd lets us try offers the one that fits', async () => {
    const { file, line } = newKey('agent-right', '');
    await admit(line);
    // A reload returns before sshd listens again; a restart does not.
    await host.exec('echo "MaxAuthTries 3" >/etc/ssh/sshd_config.d/tries.conf; systemctl restart ssh');
    const socket = join(keys, 'agent.sock');
    const pid = /SSH_AGENT_PID=(\d+)/.exec(
      execFileSync('ssh-agent', ['-s', '-a', socket], { encoding: 'utf8' }),
    )?.[1];
    try {
      const others = [1, 2, 3, 4, 5, 6].map((n) => newKey(`agent-${n}`, '').file);
      execFileSync('ssh-add', ['-q', ...others, file], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      expect((await open(endpoint(), { agentSocket: socket, offer: [line] })).alive).toBe(true);
      await expect(open(endpoint(), { agentSocket: socket, offer: [] })).rejects.toMatchObject({
        code: 'AUTH_REFUSED',
      });
    } finally {
      process.kill(Number(pid));
      await host.exec('rm /etc/ssh/sshd_config.d/tries.conf; systemctl restart ssh');
    }
  });
  it('goes through a jump host, whose key is pinned too', async () => {
    const through = await open(endpoint(jump));
    const session = await open(endpoint(), credentials(), through);
    const { stdout } = await session.exec('echo "$SSH_CONNECTION"', { stdin: '', timeoutMs: 10_000 });
    expect(stdout.split(' ')[0]).toBe(jump.address);
  });
  it('knocks at the first door of a bare host that opens', () =>
    expect(routes(server()).map(({ user, port }) => `${user}@${port}`)[1]).toBe('root@22'));
});

describe('root', () => {
  const password = 'p4ss word$`';
  const deploy = async (): Promise<Session> => {
    const session = await open(endpoint(host, { user: 'deploy' }));
    return session;
  };
  beforeAll(async () => {
    await host.exec(
      'useradd -m -s /bin/bash deploy && mkdir -p /home/deploy/.ssh && cp /root/.ssh/authorized_keys /home/deploy/.ssh/ && chown -R deploy: /home/deploy/.ssh',
    );
    await host.exec('chpasswd', { input: `deploy:${password}\n` });
  });
  it('is refused, by its name, to a user without sudo', async () =>
    expect(asHost(await deploy()).script(whole('id -u'))).rejects.toMatchObject({ code: 'SUDO_REFUSED' }));
  it('wants the password where sudo asks, by stdin', async () => {
    await host.exec('usermod -aG sudo deploy');
    await expect(asHost(await deploy()).script(whole('id -u'))).rejects.toMatchObject({
      code: 'SUDO_REFUSED',
    });
    await expect(asHost(await deploy(), 'wrong').script(whole('id -u'))).rejects.toMatchObject({
      code: 'SUDO_REFUSED',
    });
    expect((await asHost(await deploy(), password).script(whole('id -u'))).stdout).toBe('0\n');
  });
  it('does not take the password for a command once sudo no longer asks', async () => {
    await host.exec("echo 'deploy ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/t");
    const { stdout, stderr } = await asHost(await deploy(), password).script(whole('id -u'));
    expect([stdout, stderr]).toEqual(['0\n', '']);
  });
});

describe('when it breaks', () => {
  /** What became of it: an error that nobody awaits yet is not unhandled. */
  const slow = (session: Session, signal?: AbortSignal) =>
    session.exec('sleep 60', { stdin: '', timeoutMs: 60_000, signal }).catch((error: unknown) => error);

  it('a session that the host ends in mid-command is lost, not done', async () => {
    const session = await open();
    const running = slow(session);
    await pause(300);
    await host.exec("pkill -f 'sshd.*root' || pkill sshd-session");
    expect(await running).toMatchObject({ code: 'HOST_LOST' });
    expect(session.alive).toBe(false);
  });
  it('a command that is killed has not succeeded', async () => {
    const session = await open();
    const running = slow(session);
    await pause(300);
    await host.exec('pkill -9 -x sleep');
    expect(await running).toMatchObject({ code: 'HOST_LOST' });
  });
  it('silence ends: the cable is cut and nobody says so', async () => {
    const session = await open();
    const running = slow(session);
    await host.disconnect();
    try {
      expect(await running).toMatchObject({ code: 'HOST_LOST' });
    } finally {
      await host.connect();
    }
  }, 60_000);
  it('a deadline ends it, and the connection is still good', async () => {
    const session = await open();
    await expect(session.exec('sleep 60', { stdin: '', timeoutMs: 300 })).rejects.toMatchObject({
      code: 'DEADLINE',
    });
    expect((await session.exec('echo on', { stdin: '', timeoutMs: 5_000 })).stdout).toBe('on\n');
  });
  it('whoever gives up is let go', async () => {
    const giveUp = new AbortController();
    const running = slow(await open(), giveUp.signal);
    setTimeout(() => giveUp.abort(new Error('cancelled')), 200);
    expect(await running).toMatchObject({ message: 'cancelled' });
  });
  it('a closed port and a silent address are unreachable', async () => {
    await expect(open(endpoint(host, { port: 2 }))).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(
      connect(endpoint(host, { address: '10.66.0.250' }), credentials(), { timeoutMs: 1_500 }),
    ).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });
  it('text of many bytes arrives whole', async () => {
    const { stdout } = await (await open()).exec(`python3 -c "print('é€😀' * 200000, end='')"`, {
      stdin: '',
      timeoutMs: 20_000,
    });
    expect(stdout === 'é€😀'.repeat(200_000)).toBe(true);
  });
});

describe('jobs', () => {
  const job = (body: string) => ({
    key: `t.${Math.random().toString(36).slice(2)}`,
    body,
    audit: ['test made a job'],
    changes: '[]',
    timeoutMs: 30_000,
  });

  it('run once, whoever asks, and are found again', async () => {
    const asked = job('echo ran >>/root/ran; echo said');
    const at = asHost(await open());
    expect(await at.job(asked)).toMatchObject({ exitCode: 0, fresh: true, log: 'said\n' });
    expect(await at.job(asked)).toMatchObject({ exitCode: 0, fresh: false, log: 'said\n' });
    expect((await host.exec('cat /root/ran')).stdout).toBe('ran\n');
  });
  it('outlive the connection that began them', async () => {
    const asked = job('sleep 2; echo late >/root/late; exit 5');
    const session = await open();
    const begun = asHost(session)
      .job(asked)
      .catch((error: unknown) => error);
    await pause(700);
    session.close();
    expect(await begun).toMatchObject({ code: 'HOST_LOST' });
    expect(await asHost(await open()).job(asked)).toMatchObject({ exitCode: 5, fresh: false });
    expect((await host.exec('cat /root/late')).stdout).toBe('late\n');
  });
  it('are two when two ask at once for different ones, one when for the same', async () => {
    const asked = job('echo once >>/root/race; sleep 0.5');
    const at = asHost(await open());
    const results = await Promise.all([at.job(asked), at.job(asked), at.job(asked)]);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect((await host.exec('cat /root/race')).stdout).toBe('once\n');
  });
  it('that are killed did not succeed', async () => {
    const asked = job('sleep 30');
    const at = asHost(await open());
    const running = at.job(asked);
    await pause(700);
    await host.exec(`systemctl kill -s KILL clincher-${asked.key}`);
    expect(await running).toMatchObject({ exitCode: 137 });
  });
  it('can be stopped, with all that they started', async () => {
    const asked = job('sleep 4321 & sleep 4322');
    const at = asHost(await open());
    const running = at.job(asked).catch((error: unknown) => error);
    await pause(700);
    await at.stop(asked.key);
    expect(await running).toMatchObject({ exitCode: 137 });
    expect((await host.exec('pgrep -f "sleep 432[12]"')).stdout).toBe('');
  });
  it('leave a line in the audit log', async () => {
    await asHost(await open()).job(job('true'));
    expect((await host.exec('tail -1 /var/log/clincher/audit.log')).stdout).toMatch(
      /^20\d\d-.*Z test made a job\n$/,
    );
  });
});

const typed = new PassThrough();

describe('joined to streams of this machine', () => {
  const streams = () => ({ stdout: new Capture(), stderr: new Capture() });
  it('output, input and exit status go through as they are', async () => {
    const session = await open();
    const { stdout, stderr } = streams();
    const stdin = Readable.from([Buffer.from([0, 255, 10]), Buffer.alloc(300_000, 7)]);
    const code = await session.attach('sha256sum; echo no >&2; exit 42', { stdin, stdout, stderr });
    const sum = createHash('sha256')
      .update(Buffer.concat([Buffer.from([0, 255, 10]), Buffer.alloc(300_000, 7)]))
      .digest('hex');
    expect([code, stdout.text(), stderr.text()]).toEqual([42, `${sum}  -\n`, 'no\n']);
  });
  it('what a signal ended is told as shells tell it', async () => {
    const session = await open();
    expect(await session.attach('kill -TERM $$', streams())).toBe(143);
  });
  it('a terminal has the size of ours, and follows it', async () => {
    const session = await open();
    let resized = (): void => {};
    let size = { columns: 101, rows: 33 };
    const terminal = {
      term: 'xterm',
      size: () => size,
      onResize: (handler: () => void) => {
        resized = handler;
        return () => {};
      },
    };
    const { stdout, stderr } = streams();
    const ended = session.attach('stty size; read x; stty size', { stdout, stderr, terminal, stdin: typed });
    await expect.poll(() => stdout.text()).toContain('33 101');
    size = { columns: 60, rows: 20 };
    resized();
    await pause(200);
    typed.write('\r');
    expect(await ended).toBe(0);
    expect(stdout.text()).toContain('20 60');
  });
  it('whoever leaves ends a leashed command; nothing stays behind', async () => {
    const session = await open();
    const leave = new AbortController();
    const ended = session.attach(render(leashed('sleep', '7654')), { ...streams(), leave: leave.signal });
    await expect.poll(async () => (await host.exec('pgrep -fx "sleep 7654"')).code).toBe(0);
    leave.abort();
    expect(await ended).toBe(143);
    expect((await host.exec('pgrep -fx "sleep 7654"; pgrep -fx cat')).code).toBe(1);
  });
  it('a connection that breaks meanwhile is no exit status', async () => {
    const session = await open();
    const ended = session.attach(render(leashed('sleep', '7655')), streams());
    const isTold = expect(ended).rejects.toMatchObject({ code: 'HOST_LOST' });
    await expect.poll(async () => (await host.exec('pgrep -fx "sleep 7655"')).code).toBe(0);
    await host.exec('pkill -KILL -f "sshd.*root@notty|sshd-session.*root"; true');
    await isTold;
    await expect
      .poll(async () => (await host.exec('pgrep -fx "sleep 7655"')).code, { timeout: 10_000 })
      .toBe(1);
  });
});
