// The main job in short form: a bare server becomes a hardened, proved one while its worker is killed three times.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Exported } from '../../src/client/view/audit.js';
import { newSeed, seeded } from '../e2e/chance.js';
import type { CliResult, Doc } from '../e2e/cli.js';
import { firstChange, strike } from '../e2e/kills.js';
import { Stage } from '../e2e/stage.js';
import { afterHardening, firstContact, sshRun } from '../lab/ssh.js';

const name = `prov-${randomBytes(2).toString('hex')}`;
const seed = newSeed();
const note = (line: string): void => void process.stderr.write(`${line}\n`);
const stage = new Stage({ say: note });

const host = () => stage.host(name);
const all = (steps: Doc['steps'], status: string): string[] =>
  steps.filter((step) => step.status === status).map(({ id }) => id);
const counts = async (run: string): Promise<Record<string, number>> =>
  (await stage.cli(['show', run, '--counts', '--json'])).doc.history;

beforeAll(async () => {
  await stage.hosts([{ name, distro: 'debian13', sshMode: 'socket' }]);
  await stage.up();
});
afterAll(() => stage.close());

let first: CliResult;

test(`a bare host is provisioned although its worker is killed three times (seed ${seed})`, async () => {
  const chance = seeded(seed);
  const provision = stage.startProvision(name);
  const moments = [0, 3_000, 3_000].map((ms) => ({
    part: 'worker' as const,
    afterMs: ms + chance() * 6_000,
  }));
  await firstChange(host());
  const kills = strike(stage.plane, moments, note);
  first = await stage.toTheEnd(provision, name);
  kills.stop();
  expect(first.code, first.stderr).toBe(0);
  expect(await kills.done).toHaveLength(3);
  expect(first.doc.outcome).toMatchObject({ failed: 0, unreachable: 0 });
  expect(first.doc.outcome.changed).toBeGreaterThan(10);
});

test('each command that changes something was begun once, as the host itself wrote down', async () => {
  const { stdout } = await host().exec('cut -d" " -f2- /var/log/clincher/audit.log');
  const lines = stdout.trim().split('\n');
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.filter((line, i) => lines.indexOf(line) !== i)).toEqual([]);
  const installed = await host().exec('grep -hE " install " /var/log/dpkg.log | cut -d" " -f4');
  const names = installed.stdout.trim().split('\n');
  expect(names.filter((each, i) => names.indexOf(each) !== i)).toEqual([]);
});

test('its first history stays below 800 events', async () => {
  expect((await counts(first.doc.run))['events']).toBeLessThanOrEqual(800);
});

test('the old way in is closed, the new one is open', async () => {
  expect((await sshRun(host(), 'true', firstContact)).code).toBe(255);
  const now = await sshRun(host(), 'id -un; sudo -n id -un', afterHardening);
  expect(now).toMatchObject({ code: 0, stdout: 'deploy\nroot\n' });
});

test('a second run changes nothing, in one activity and one round trip a checklist', async () => {
  const second = await stage.provision(name);
  expect(second.code, second.stderr).toBe(0);
  expect(second.doc.outcome).toMatchObject({ changed: 0, failed: 0, unreachable: 0 });
  const history = await counts(second.doc.run);
  expect(history['activities']).toBe(2);
  expect(history['events']).toBeLessThanOrEqual(60);
});

test('its audit export holds, and has every line that the host wrote down itself', async () => {
  const out = join(stage.folder, 'audit.jsonl');
  const exported = await stage.cli(['audit', 'export', '-s', name, '--out', out, '--json']);
  expect(exported.code, exported.stderr).toBe(0);
  const { stdout } = await host().exec('cat /var/log/clincher/audit.log');
  const { hostLines, fingerprint, runs } = exported.doc as unknown as Exported;
  expect(hostLines).toBe(stdout.trim().split('\n').length);
  const verified = await stage.cli(['audit', 'verify', out, '--key', fingerprint, '--json']);
  expect(verified.code, verified.stderr).toBe(0);
  expect(verified.doc).toMatchObject({ isKeyKnown: true, hostLines, runs, unread: 0 });
});

test('verify proves it, with one round trip a checklist and one for the checks', async () => {
  const verify = await stage.cli(['verify', '-s', name, '--json']);
  expect(verify.code, verify.stderr).toBe(0);
  expect(verify.doc.roundTrips).toBe(3);
  expect(verify.doc.counts).toMatchObject({ drift: 0, unknown: 0 });
});

const byHand = [
  ['base.sudo', 'chmod 0644 /etc/sudoers.d/99-clincher'],
  ['base.sysctl', 'sysctl -qw vm.swappiness=77'],
  ['base.unattended-upgrades', 'rm /etc/apt/apt.conf.d/90clincher-unattended-upgrades'],
  ['harden.firewall', 'ufw allow 4444/tcp'],
  ['harden.fail2ban', 'systemctl disable --now fail2ban'],
] as const;
const drifted = byHand.map(([id]) => id);

test('what was changed by hand is drift: verify says so, plan shows it, a run repairs just that', async () => {
  for (const [, line] of byHand) expect((await host().exec(line)).code, line).toBe(0);
  const verify = await stage.cli(['verify', '-s', name, '--json']);
  expect(verify.code, verify.stderr).toBe(3);
  expect(all(verify.doc.steps, 'drift')).toEqual(drifted);
  const plan = await stage.cli(['plan', 'provision', '-s', name, '--diff']);
  for (const id of drifted) expect(plan.stdout).toContain(id);
  expect(plan.code).toBe(0);
  const repair = await stage.provision(name);
  expect(repair.code, repair.stderr).toBe(0);
  expect(all(repair.doc.steps, 'changed')).toEqual(drifted);
  expect((await stage.cli(['verify', '-s', name])).code).toBe(0);
});

/** A pair of the kind, made here. */
function keyPair(kind: 'ecdsa' | 'ed25519'): string {
  const path = join(stage.folder, `next-${kind}`);
  execFileSync('ssh-keygen', ['-q', '-t', kind, '-N', '', '-C', `${kind}@proof`, '-f', path]);
  return path;
}

const rotate = (key: string): Promise<CliResult> =>
  stage.cli(['run', 'rotate-ssh', '-s', name, '--key', key, '--yes', '--json', '--on-failure', 'abort']);
const AUTHORIZED = '/home/deploy/.ssh/authorized_keys';
const authorized = async (): Promise<string> => (await host().exec(`cat ${AUTHORIZED}`)).stdout;

test('a new key that sshd does not let in: undone to the byte, on the host and in clincher.yaml', async () => {
  const before = [await authorized(), readFileSync(stage.config, 'utf8')];
  const only = '/etc/ssh/sshd_config.d/01-only.conf';
  // The socket starts it anew, with the new file; a reload under a socket ends it (measured, OpenSSH 10.0).
  const readAgain = 'systemctl stop ssh.service';
  await host().exec(`echo 'PubkeyAcceptedAlgorithms ssh-ed25519' >${only} && ${readAgain}`);
  const seen = await rotate(keyPair('ecdsa'));
  expect(seen.code, seen.stdout).toBe(1);
  expect(seen.doc.error?.code).toBe('NOT_ROTATED');
  expect([await authorized(), readFileSync(stage.config, 'utf8')]).toEqual(before);
  await host().exec(`rm ${only} && ${readAgain}`);
});

test('a new key is let in, the old one is not any more, and clincher goes on by the new', async () => {
  const key = keyPair('ed25519');
  const seen = await rotate(key);
  expect(seen.code, seen.stdout + seen.stderr).toBe(0);
  expect(await authorized()).toBe(readFileSync(`${key}.pub`, 'utf8'));
  expect((await sshRun(host(), 'true', afterHardening)).code, 'OpenSSH by the old key').not.toBe(0);
  expect(readFileSync(stage.config, 'utf8')).toContain(`identity_file: ${key}`);
  expect((await stage.cli(['verify', '-s', name])).code).toBe(0);
});
