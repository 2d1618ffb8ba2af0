// The lab itself: its hosts are what every other test against the real thing stands on.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LabHost, labDown, labFind, labUp } from '../lab/lab.js';
import { sshRun } from '../lab/ssh.js';

const id = randomBytes(2).toString('hex');
const specs = [
  { name: `lab-a-${id}`, distro: 'debian12', sshMode: 'service' },
  { name: `lab-b-${id}`, distro: 'debian13', sshMode: 'socket' },
] as const;
const hosts: LabHost[] = [];

beforeAll(async () => {
  hosts.push(...(await labUp(specs, { say: (line) => process.stderr.write(`${line}\n`) })));
});
afterAll(() => labDown(specs.map((spec) => spec.name)));

describe.each([0, 1])('host %i', (n) => {
  const host = (): LabHost => hosts[n]!;
  const out = async (line: string): Promise<string> => (await host().exec(line)).stdout.trim();

  test('has booted as its distribution, without failed units', async () => {
    expect(await out('systemctl is-system-running')).toBe('running');
    expect(await out('. /etc/os-release; echo $ID$VERSION_ID')).toBe(specs[n]!.distro);
    expect(await out('systemctl is-enabled ssh.socket')).toBe(n === 1 ? 'enabled' : 'disabled');
    expect(await out('systemctl is-active ssh.socket')).toBe(n === 1 ? 'active' : 'inactive');
  });

  test('accepts the key of the lab, with the host key that the container itself has', async () => {
    const result = await sshRun(host(), 'hostname; id -un');
    expect(result).toMatchObject({ code: 0, stdout: `${host().name}\nroot\n` });
    const own = await out('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
    expect(own.split(' ')[1]).toBe(host().hostKeys[0]);
  });

  test('refuses whoever has another host key pinned', async () => {
    const other = hosts[1 - n]!;
    const result = await sshRun({ name: other.name, address: host().address }, 'true');
    expect(result.code).toBe(255);
    expect(result.stderr).toMatch(/verification failed/i);
  });

  test('keeps what would be the whole machine’s settings to itself', async () => {
    const other = hosts[1 - n]!;
    expect((await host().exec(`sysctl -w vm.swappiness=${n + 3}`)).code).toBe(0);
    expect(await out('sysctl -n vm.swappiness')).toBe(String(n + 3));
    expect((await other.exec('sysctl -n vm.swappiness')).stdout.trim()).not.toBe(String(n + 3));
  });

  test('installs packages and filters packets', async () => {
    const installed = await host().exec('apt-get -q update && apt-get install -yq iptables', {
      timeoutMs: 120_000,
    });
    expect(installed.code, installed.stderr).toBe(0);
    const peer = hosts[1 - n]!;
    const knock = `timeout 2 bash -c '</dev/tcp/${host().address}/22'`;
    expect((await peer.exec(knock)).code).toBe(0);
    await host().exec(`iptables -I INPUT -s ${peer.address} -p tcp --dport 22 -j DROP`);
    expect((await peer.exec(knock)).code).toBe(124);
    expect((await sshRun(host(), 'true')).code).toBe(0);
    await host().exec('iptables -F INPUT');
  });

  test('is reached over IPv6 by its peer where the machine has IPv6', async () => {
    const { address6 } = host();
    if (!address6) return;
    expect((await hosts[1 - n]!.exec(`timeout 5 bash -c '</dev/tcp/${address6}/22'`)).code).toBe(0);
  });

  test('reboots, and is another boot of the same machine', async () => {
    const before = await out('cat /proc/sys/kernel/random/boot_id; cat /etc/machine-id');
    await host().reboot();
    const after = await out('cat /proc/sys/kernel/random/boot_id; cat /etc/machine-id');
    expect(after.split('\n')[0]).not.toBe(before.split('\n')[0]);
    expect(after.split('\n')[1]).toBe(before.split('\n')[1]);
    expect((await sshRun(host(), 'true')).code).toBe(0);
  });

  test('comes back by itself when it is rebooted from inside', async () => {
    const boots = 'cat /proc/sys/kernel/random/boot_id';
    const before = await out(boots);
    await host().exec('systemctl reboot');
    await expect.poll(() => out(boots), { timeout: 60_000 }).not.toBe(before);
    await expect.poll(async () => (await sshRun(host(), 'true')).code, { timeout: 30_000 }).toBe(0);
  });

  test('is cut off by a pulled cable, and back with the same address', async () => {
    await host().disconnect();
    const cut = await sshRun(host(), 'true');
    expect(cut.code).toBe(255);
    expect(await out('echo still there')).toBe('still there');
    await host().connect();
    expect((await sshRun(host(), 'true')).code).toBe(0);
  });

  test('is found by name, revived after a crash, and there is nothing where nothing is', async () => {
    await host().kill();
    expect((await host().exec('true')).code).not.toBe(0);
    const [again] = await labUp([{ name: host().name }]);
    expect(again).toMatchObject({
      address: host().address,
      hostKeys: host().hostKeys,
      distro: specs[n]!.distro,
    });
    expect((await labFind(host().name))?.hostKeys).toEqual(host().hostKeys);
    expect(await labFind(`${host().name}-nobody`)).toBeUndefined();
  });
});
