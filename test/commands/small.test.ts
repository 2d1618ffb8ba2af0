// Parsers of a few lines, each with an answer as hosts give it.
import { describe, expect, it } from 'vitest';
import { unhealthy } from '../../src/commands/compose.js';
import * as docker from '../../src/commands/docker.js';
import * as fail2ban from '../../src/commands/fail2ban.js';
import * as files from '../../src/commands/files.js';
import * as iptables from '../../src/commands/iptables.js';
import * as keyring from '../../src/commands/keyring.js';
import * as machine from '../../src/commands/machine.js';
import * as network from '../../src/commands/network.js';
import * as sysctl from '../../src/commands/sysctl.js';
import { parseStatus } from '../../src/commands/tailscale.js';
import * as users from '../../src/commands/users.js';
import { answer } from './answer.js';

describe('files', () => {
  const { parse } = files.file('/etc/x');

  it('tells content, mode and owner, the last newline or its absence included', () => {
    expect(parse(answer('644 root adm\nno newline'))).toEqual({
      mode: '0644',
      owner: 'root',
      group: 'adm',
      content: 'no newline',
    });
    expect(parse(answer('4755 root root\n'))).toEqual({
      mode: '4755',
      owner: 'root',
      group: 'root',
      content: '',
    });
  });

  it('tells no file from one that cannot be read', () => {
    expect(parse(answer('', 1, "stat: cannot statx '/etc/x': No such file or directory"))).toBeNull();
    expect(() => parse(answer('600 root root\n', 1, 'cat: /etc/x: Input/output error'))).toThrow(
      'Input/output error',
    );
  });

  it('sees a folder, and not a file in its place', () => {
    const text =
      '700 deploy deploy directory /opt/openclaw\n644 root root regular empty file /opt/openclaw/config\n';
    expect([...files.folders(['/opt/openclaw']).parse(answer(text, 1)).keys()]).toEqual(['/opt/openclaw']);
  });
});

describe('users', () => {
  const { parse } = users.user('deploy');

  it('reads home, shell, groups and the lock', () => {
    const text = 'deploy:x:1000:1000:,,,:/home/deploy:/bin/bash\ndeploy sudo docker\n!\n';
    expect(parse(answer(text))).toEqual({
      home: '/home/deploy',
      shell: '/bin/bash',
      groups: ['deploy', 'sudo', 'docker'],
      isLocked: true,
    });
    expect(parse(answer(''))).toBeNull();
  });

  it.each([
    ['    (ALL : ALL) ALL\n    (ALL : ALL) NOPASSWD: ALL\n', true],
    ['    (ALL : ALL) NOPASSWD: ALL\n    (ALL) ALL\n', false],
    ['    (ALL : ALL) NOPASSWD: /bin/true\n', false],
    ['', false],
  ])('sudo: the last of the entries counts', (rules, needsNoPassword) => {
    const text = `Matching Defaults entries for deploy on prod:\n    env_reset, use_pty\n\nUser deploy may run the following commands on prod:\n${rules}`;
    expect(users.sudo('deploy').parse(answer(text))).toEqual({ needsNoPassword });
  });
});

describe('iptables', () => {
  it('reads policies and chains', () => {
    const text =
      '*filter\n:INPUT DROP [3:180]\n:DOCKER-USER - [0:0]\n-A INPUT -j ufw-before-input\n-A DOCKER-USER -i docker0 -j RETURN\nCOMMIT\n';
    const { policies, chains } = iptables.v4.parse(answer(text));
    expect([policies.get('INPUT'), policies.has('DOCKER-USER'), chains.get('DOCKER-USER')]).toEqual([
      'DROP',
      false,
      ['-i docker0 -j RETURN'],
    ]);
  });

  it('does not take a refusal for an open firewall', () => {
    expect(() => iptables.v4.parse(answer('', 4, 'Permission denied'))).toThrow('Permission denied');
  });
});

describe('docker', () => {
  it('reads the engine, and silence', () => {
    const text =
      '{"ServerVersion":"26.1.5","LoggingDriver":"json-file","Driver":"overlay2","LiveRestoreEnabled":true}';
    expect(docker.engine.parse(answer(text))).toEqual({
      version: '26.1.5',
      logDriver: 'json-file',
      storageDriver: 'overlay2',
      isLiveRestore: true,
    });
    expect(docker.engine.parse(answer('', 7))).toBeNull();
  });

  it.each([
    ['2.26.1-4\n', '2.26.1-4'],
    ['\n', null],
    ['', null],
  ])('compose %j is %s', (text, version) => expect(docker.compose.parse(answer(text))).toBe(version));
});

it('keyring: primary keys alone, subkeys are theirs', () => {
  const text =
    'pub:-:4096:1:8D81803C0EBFCD88:1487788586\nfpr:::::::::9DC858229FC7DD38854AE2D88D81803C0EBFCD88:\nsub:-:4096:1:7EA0A9C3F273FCD8\nfpr:::::::::D3306A018370199E527AE7997EA0A9C3F273FCD8:\n';
  expect(keyring.fingerprints('/x').parse(answer(text))).toEqual([
    '9DC858229FC7DD38854AE2D88D81803C0EBFCD88',
  ]);
});

it('sysctl: dots, slashes and blanks', () => {
  const text =
    '/proc/sys/net/ipv4/conf/eth0.5/rp_filter:1\n/proc/sys/net/ipv4/tcp_rmem:4096\t131072\t6291456\n';
  expect([...sysctl.values(['x']).parse(answer(text))]).toEqual([
    ['net/ipv4/conf/eth0.5/rp_filter', '1'],
    ['net.ipv4.tcp_rmem', '4096 131072 6291456'],
  ]);
});

it('network: what leads outside, and whose bridges are whose', () => {
  const text =
    'outside br-ex\noutside lo\noutside br-ex\nbridge br-ex\nbridge docker0\nbridge br-0a1b2c3d4e5f\nbridge stack0\n';
  expect(network.links.parse(answer(text))).toEqual({ outside: ['br-ex'], bridges: ['stack0'] });
});

it('tailscale: up, waiting for a person, silent', () => {
  const up = '{"BackendState":"Running","AuthURL":"","TailscaleIPs":["100.64.0.7","fd7a::7"]}';
  expect(parseStatus(up)).toEqual({ isUp: true, loginUrl: '', address: '100.64.0.7' });
  expect(
    parseStatus('{"BackendState":"NeedsLogin","AuthURL":"https://x/a","TailscaleIPs":null}').loginUrl,
  ).toBe('https://x/a');
  expect(parseStatus('failed to connect to local tailscaled').isUp).toBe(false);
});

it('fail2ban: a server that is down has no jail; one that stammers is unknown', () => {
  expect(
    fail2ban.sshd.parse(answer('', 1, 'FileNotFoundError: [Errno 2] No such file or directory')),
  ).toBeNull();
  expect(() => fail2ban.sshd.parse(answer('', 1, 'EOFError: Ran out of input'))).toThrow('EOFError');
});

describe('machine', () => {
  it('reads what a system is called', () => {
    const text =
      'PRETTY_NAME="Ubuntu 24.04.3 LTS"\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n';
    expect(machine.os.parse(answer(text))).toEqual({ id: 'ubuntu', version: '24.04', codename: 'noble' });
  });

  it('reads free space, once a file system', () => {
    const text = '/dev/vda1 20511312 5000000 15511312 25% /\noverlay 100 50 50 50% /var/lib/my docker\n';
    expect(machine.free.parse(answer(text))).toEqual([
      { path: '/', bytes: 15511312 * 1024 },
      { path: '/var/lib/my docker', bytes: 50 * 1024 },
    ]);
  });

  it('does not make a number of nothing', () => {
    expect(() => machine.clock.parse(answer(''))).toThrow('not a number');
    expect(() => machine.memory.parse(answer(''))).toThrow('not a number');
  });

  it('names who else manages this host', () => {
    expect(machine.managers.parse(answer('enabled not-found not-found disabled not-found\n'))).toEqual([
      'puppet',
    ]);
  });
});

describe('networks that the host has an address in', () => {
  it('reads what `ip -o` prints, bridges of containers too', () =>
    expect(
      network.subnets.parse(
        answer(
          '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n' +
            '2: eth0    inet 10.66.0.27/24 brd 10.66.0.255 scope global eth0\\       valid_lft forever\n' +
            '5: br-5f2a0b1c2d3e    inet 172.16.253.1/28 brd 172.16.253.15 scope global br-5f2a0b1c2d3e\n' +
            '6: wg0    inet 10.9.0.2 peer 10.9.0.1/32 scope global wg0\n',
        ),
      ),
    ).toEqual([
      { link: 'lo', address: '127.0.0.1', prefix: 8 },
      { link: 'eth0', address: '10.66.0.27', prefix: 24 },
      { link: 'br-5f2a0b1c2d3e', address: '172.16.253.1', prefix: 28 },
      { link: 'wg0', address: '10.9.0.2', prefix: 32 },
    ]));
});

it('what a start prints names the container that is not healthy', () => {
  const log = `Container openclaw-redis  Started
not healthy: openclaw-redis is restarting, health starting, exit code 1, started over 4 times; its last words:
Fatal error loading the DB
`;
  expect([unhealthy(log), unhealthy('Container openclaw is not healthy: nobody knows')]).toEqual([
    ['openclaw-redis'],
    [],
  ]);
});
