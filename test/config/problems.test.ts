// One line per mistake: what is written, and exactly what is answered, place included.
import { expect, test } from 'vitest';
import { DEFAULTS, HOST_KEY, KEY, MINIMAL, problems, told } from './fixture.js';

/** Columns and lines are those of the whole file: `DEFAULTS` has 5 lines, the server begins in line 6. */
const server = (text: string): string => `${DEFAULTS}servers:\n  prod:\n    address: 203.0.113.7\n${text}\n`;

const LITERAL =
  'holds the value itself, and a value here ends up in backups and version control; type `clincher secrets set';

test.each<[mistake: string, text: string, answer: string[]]>([
  [
    'unknown key, near',
    server('    rle: primary'),
    ['9:5 servers.prod.rle: unknown key; did you mean `role`?'],
  ],
  [
    'unknown key, elsewhere',
    server('    nofile: 1'),
    ['9:5 servers.prod.nofile: unknown key; did you mean `docker.nofile`?'],
  ],
  [
    'unknown key, far',
    server('    xyzzy: 1'),
    [
      '9:5 servers.prod.xyzzy: unknown key; known here: address, role, standby_for, failover, ssh, system, docker, firewall, tailscale, channels, stack, providers, models, openclaw, memory, proxy, backup, upgrade, schedules, watchdog, alerts, monitoring, convenience, partitions, redteam',
    ],
  ],
  [
    'unknown key, deep',
    server('    ssh: {prot: 22}'),
    ['9:11 servers.prod.ssh.prot: unknown key; did you mean `port`?'],
  ],
  ['unknown key on top', `${MINIMAL}server: {}\n`, ['9:1 server: unknown key; did you mean `servers`?']],
  [
    'unknown image',
    server('    stack: {images: {litelm: {}}}'),
    ['9:22 servers.prod.stack.images.litelm: unknown key; did you mean `litellm`?'],
  ],
  [
    'two unknown keys',
    server('    a: 1\n    rol: 1'),
    [
      expect.stringContaining('9:5 servers.prod.a: unknown key'),
      expect.stringContaining('10:5 servers.prod.rol: unknown key'),
    ] as string[],
  ],
  [
    'text for a number',
    server('    ssh: {port: 22a}'),
    ['9:17 servers.prod.ssh.port: is text; a whole number is wanted'],
  ],
  [
    'a number in quotes',
    server("    ssh: {port: '22'}"),
    ['9:17 servers.prod.ssh.port: is text; a whole number is wanted: take the quotes away'],
  ],
  [
    'a number for text',
    server('    stack: {images: {redis: {version: 7.4}}}'),
    ['9:39 servers.prod.stack.images.redis.version: is a number; text is wanted: put quotes around it'],
  ],
  [
    'a fraction',
    server('    docker: {nofile: 2048.5}'),
    ['9:22 servers.prod.docker.nofile: is a number; a whole number is wanted'],
  ],
  ['true for text', server('    role: true'), ['9:11 servers.prod.role: is not primary, standby or monitor']],
  [
    'text for true',
    server('    firewall: {enabled: yes}'),
    ['9:25 servers.prod.firewall.enabled: is text; true or false is wanted'],
  ],
  ['a list for a map', server('    ssh: [1]'), ['9:10 servers.prod.ssh: is a list; a map of keys is wanted']],
  [
    'a map for a list',
    server('    docker: {dns: {a: 1}}'),
    ['9:19 servers.prod.docker.dns: is a map of keys; a list is wanted'],
  ],
  [
    'text for a list',
    server('    docker: {dns: 1.1.1.1}'),
    ['9:19 servers.prod.docker.dns: is text; a list is wanted'],
  ],
  ['no value', server('    ssh:'), ['9:5 servers.prod.ssh: has no value; a map of keys is wanted']],
  [
    'no value for a choice',
    server('    role:'),
    ['9:5 servers.prod.role: has no value; primary, standby or monitor is wanted'],
  ],
  [
    'a word that is no choice',
    server('    role: primry'),
    ['9:11 servers.prod.role: is not primary, standby or monitor; did you mean `primary`?'],
  ],
  [
    'a word that is no choice, or a list',
    server('    firewall: {web_sources: cloudfare}'),
    [
      '9:29 servers.prod.firewall.web_sources: is not cloudflare, any, none or a list; did you mean `cloudflare`?',
    ],
  ],
  ['too small', server('    ssh: {port: 0}'), ['9:17 servers.prod.ssh.port: must be at least 1']],
  ['too large', server('    ssh: {port: 65536}'), ['9:17 servers.prod.ssh.port: must be at most 65535']],
  ['an empty list', server('    docker: {dns: []}'), ['9:19 servers.prod.docker.dns: must not be empty']],
  [
    'the third of a list',
    server('    docker: {dns: [1.1.1.1, "::1", dns.example]}'),
    ['9:36 servers.prod.docker.dns[2]: is not an IP address'],
  ],
  [
    'a network among web sources',
    server('    firewall: {web_sources: [10.0.0.0/8, nowhere]}'),
    [
      '9:42 servers.prod.firewall.web_sources[1]: is neither an IP address nor a network such as 203.0.113.0/24',
    ],
  ],
  [
    'an empty list of web sources',
    server('    firewall: {web_sources: []}'),
    ['9:29 servers.prod.firewall.web_sources: must not be empty'],
  ],
  [
    'a kernel setting without a dot',
    server('    system: {sysctl: {swappiness: 1}}'),
    [
      '9:23 servers.prod.system.sysctl.swappiness: is not the name of a kernel setting, such as vm.swappiness',
    ],
  ],
  [
    'a kernel setting that is a list',
    server('    system: {sysctl: {vm.swappiness: [1]}}'),
    [
      '9:38 servers.prod.system.sysctl["vm.swappiness"]: wants a whole number, text, or null to leave it alone',
    ],
  ],
  [
    'a version of the format that is not',
    MINIMAL.replace('version: 1', 'version: 2'),
    ['1:10 version: is not 1'],
  ],
  [
    'no version',
    MINIMAL.replace('version: 1\n', ''),
    ['1:1 version: is missing: Version of this file’s format: 1'],
  ],
  [
    'no address',
    `${DEFAULTS}servers:\n  prod: {role: standby}\n`,
    ['7:3 servers.prod.address: is missing: IP address or host name of the server'],
  ],
  ['no server', `${DEFAULTS}servers: {}\n`, ['6:10 servers: is empty; name at least one server']],
  [
    'servers without a value',
    `${DEFAULTS}servers:\n`,
    ['6:1 servers: has no value; a map of keys is wanted'],
  ],
  [
    'a server without a value',
    `${DEFAULTS}servers:\n  prod:\n`,
    ['7:3 servers.prod: has no value; a map of keys is wanted'],
  ],
  [
    'no servers at all',
    'version: 1\n',
    [
      '1:1 servers: is missing: The servers, by name: lower-case letters, digits and -, at most 30 characters',
    ],
  ],
  [
    'an address among the defaults',
    MINIMAL.replace('defaults:\n', 'defaults:\n  address: 1.2.3.4\n'),
    [expect.stringContaining('3:3 defaults.address: unknown key')] as string[],
  ],
  [
    'a name with capitals',
    MINIMAL.replace('  prod:', '  Prod:'),
    [
      '7:3 servers.Prod: a server name is lower-case letters, digits and -, begins with a letter and has at most 30 characters',
    ],
  ],
  [
    'a name that means all',
    MINIMAL.replace('  prod:', '  all:'),
    ['7:3 servers.all: `all` has a meaning of its own; choose another name'],
  ],
  [
    'a name of 31 characters',
    MINIMAL.replace('  prod:', `  ${'p'.repeat(31)}:`),
    [expect.stringContaining('at most 30 characters')] as string[],
  ],
  [
    'a jump host that lacks its keys',
    server('    ssh: {jump: {address: 1.2.3.4, user: u}}'),
    [
      '9:11 servers.prod.ssh.jump.host_keys: is missing: Fingerprints (`SHA256:…`) of the host keys that are accepted from the jump host',
    ],
  ],
])('%s', (_, text, answer) => expect(told(text)).toEqual(answer));

test.each<[mistake: string, lines: string, answer: string]>([
  [
    'a URL',
    'https://1.2.3.4',
    '8:14 servers.prod.address: is a URL; write the IP address or host name alone',
  ],
  [
    'a user',
    'root@1.2.3.4',
    '8:14 servers.prod.address: has a user in it; write the IP address or host name alone, the user goes to `ssh.user`',
  ],
  [
    'a port',
    '1.2.3.4:22',
    '8:14 servers.prod.address: has a port in it; write the IP address or host name alone, the port goes to `ssh.port`',
  ],
  ['too many numbers', '1.2.3.4.5', '8:14 servers.prod.address: is neither an IP address nor a host name'],
  ['nothing', '""', '8:14 servers.prod.address: is empty; an IP address or a host name is wanted'],
  ['a line break', '"1.2.3.4\\n"', '8:14 servers.prod.address: must be one line without blanks around it'],
  [
    'a control character',
    '"1.2.3.4\\e[31m"',
    '8:14 servers.prod.address: must be one line without blanks around it',
  ],
  ['a placeholder', 'YOUR_STATIC_IP', '8:14 servers.prod.address: is neither an IP address nor a host name'],
])('an address with %s', (_, written, answer) => {
  expect(told(MINIMAL.replace('203.0.113.7', written))).toEqual([answer]);
});

test.each<[key: string, written: string, sentence: string]>([
  ['ssh.user', 'root', 'must not be root: hardening turns root’s login off'],
  ['ssh.user', 'Deploy', 'is not a user name: lower-case letters, digits, - and _, at most 32'],
  [
    'ssh.host_keys',
    '[MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48]',
    'is an MD5 fingerprint; `ssh-keygen -lf` prints the SHA256 one',
  ],
  [
    'ssh.host_keys',
    `['${KEY}']`,
    'is the key itself; its fingerprint is wanted, which `ssh-keygen -lf` prints: `SHA256:…`',
  ],
  [
    'ssh.host_keys',
    `['${HOST_KEY}A']`,
    'is not a fingerprint: `SHA256:` and 43 characters are wanted, as `ssh-keygen -lf` prints it',
  ],
  [
    'ssh.authorized_keys',
    '[ssh-ed25519 AAAA]',
    'is cut short or damaged: the part after the type does not hold such a key',
  ],
  [
    'ssh.authorized_keys',
    `['${KEY.replace('ssh-ed25519', 'ssh-rsa')}']`,
    'is cut short or damaged: the part after the type does not hold such a key',
  ],
  [
    'ssh.authorized_keys',
    '[ssh-dss AAAA]',
    'is a DSA key, which OpenSSH refuses; make one with `ssh-keygen -t ed25519`',
  ],
  [
    'ssh.authorized_keys',
    '[~/.ssh/id_ed25519.pub]',
    'is not a public key; it begins with its type, as the line of a .pub file does: `ssh-ed25519 AAAA… you@home`',
  ],
  [
    'ssh.admin_addresses',
    '[0.0.0.0/0]',
    'lets the whole internet try to log in, and brute force begins within hours; name the addresses that you come from, or use `tailscale.ssh_only`',
  ],
  [
    'ssh.admin_addresses',
    '["::/0"]',
    'lets the whole internet try to log in, and brute force begins within hours; name the addresses that you come from, or use `tailscale.ssh_only`',
  ],
  [
    'ssh.admin_addresses',
    '[128.0.0.0/1]',
    'is wider than /8: that is no admin network but a part of the internet',
  ],
  [
    'ssh.admin_addresses',
    '["2000::/3"]',
    'is wider than /16: that is no admin network but a part of the internet',
  ],
  ['ssh.admin_addresses', '[198.51.100.7/24]', 'has bits beyond its prefix; did you mean `198.51.100.0/24`?'],
  [
    'ssh.admin_addresses',
    '[YOUR_STATIC_IP]',
    'is neither an IP address nor a network such as 203.0.113.0/24',
  ],
  ['system.unattended_upgrades.reboot_time', '"5:00"', 'is not a time of day such as "05:00"'],
  ['system.unattended_upgrades.reboot_time', '"24:00"', 'is not a time of day such as "05:00"'],
  ['docker.log_max_size', '10MB', 'is not a size such as 10m (k, m or g)'],
  ['docker.log_max_file', '0', 'must be at least 1'],
  ['docker.log_max_file', '[]', 'wants a whole number from 1 to 100'],
  ['docker.apt_repository', 'ftp://mirror', 'is not an http(s) address'],
  [
    'docker.apt_repository',
    'https://user:secret@mirror',
    'has a user in it, and a password in an address is a secret in a file',
  ],
  ['stack.directory', '/etc/', 'belongs to the system; choose a folder of its own such as /opt/openclaw'],
  ['stack.directory', '/opt/../etc', 'is not an absolute path of letters, digits, . _ - and /'],
  ['stack.directory', 'openclaw', 'is not an absolute path of letters, digits, . _ - and /'],
  ['stack.directory', "'/opt/a;b'", 'is not an absolute path of letters, digits, . _ - and /'],
  [
    'stack.images.openclaw.version',
    'latest',
    'must not be `latest`: nobody could say what runs, or go back to it',
  ],
  ['stack.images.openclaw.version', "'1 2'", 'is not an image tag, with or without @sha256:…'],
  [
    'stack.images.openclaw.repository',
    'ghcr.io/openclaw/openclaw:1',
    'is not an image repository such as ghcr.io/openclaw/openclaw (no tag)',
  ],
  ['tailscale.login_server', 'headscale.example', 'is not an http(s) address'],
])('%s: %s', (key, written, sentence) => {
  const keys = key.split('.');
  const nested = keys.map((name, depth) => `${'  '.repeat(depth + 2)}${name}:`).join('\n');
  const found = problems(server(`${nested} ${written}`));
  expect(found.map((problem) => problem.sentence)).toEqual([sentence]);
  expect(found[0]!.path.replace('[0]', '')).toBe(`servers.prod.${key}`);
  expect(found[0]!.line).toBe(8 + keys.length);
});

test.each<[mistake: string, text: string, answer: string[]]>([
  [
    'nobody may reach SSH',
    server('    ssh: {admin_addresses: []}'),
    [
      '9:28 servers.prod.ssh.admin_addresses: is empty, so the firewall would lock everybody out; name the addresses you come from, or set `tailscale.ssh_only`',
    ],
  ],
  [
    'only the tailnet may',
    server('    ssh: {admin_addresses: []}\n    tailscale: {enabled: true, ssh_only: true}'),
    [],
  ],
  [
    'only a tailnet that is off',
    server('    tailscale: {ssh_only: true}'),
    ['9:27 servers.prod.tailscale.ssh_only: needs `tailscale.enabled: true`, or nobody could log in'],
  ],
  [
    'no key may log in',
    server('    ssh: {authorized_keys: []}'),
    [
      '9:28 servers.prod.ssh.authorized_keys: is empty, so nobody could log in; put the line of your .pub file here',
    ],
  ],
  [
    'no key to log in with',
    server('    ssh: {agent: false}'),
    [
      '9:18 servers.prod.ssh.agent: is off and there is no `identity_file`, so there is no key to log in with',
    ],
  ],
  [
    'a passphrase for nothing',
    server('    ssh: {identity_passphrase: env:A}'),
    ['9:32 servers.prod.ssh.identity_passphrase: opens `identity_file`, which is not set'],
  ],
  [
    'SSH among the web ports',
    server('    firewall: {web_ports: [443, 9922]}'),
    [
      '9:27 servers.prod.firewall.web_ports: holds 9922, which is the SSH port: it would be open to the web sources',
    ],
  ],
  [
    'an IPv6 admin without IPv6',
    server('    system: {ipv6: false}\n    ssh: {admin_addresses: [198.51.100.7, "2001:db8::1"]}'),
    ['10:43 servers.prod.ssh.admin_addresses[1]: is an IPv6 address, and `system.ipv6` is off'],
  ],
  [
    'an IPv6 server without IPv6',
    server('    system: {ipv6: false}').replace('203.0.113.7', '2001:db8::7'),
    ['8:14 servers.prod.address: is an IPv6 address, and `system.ipv6` is off'],
  ],
  [
    'a secret of an unknown server',
    server('    ssh: {sudo_password: "secret://prd/sudo"}'),
    [
      '9:26 servers.prod.ssh.sudo_password: refers to a secret of `prd`, which is no server here; did you mean `prod`?',
    ],
  ],
  [
    'one host twice',
    `${MINIMAL}  b: {address: 203.0.113.7}\n`,
    ['9:16 servers.b.address: is the address of `prod` too; one host is one server'],
  ],
  [
    'one host twice, spelled otherwise',
    `${MINIMAL.replace('203.0.113.7', '2001:db8::7')}  b: {address: '2001:DB8:0::7'}\n`,
    ['9:16 servers.b.address: is the address of `prod` too; one host is one server'],
  ],
  [
    'one address, two ports behind a router',
    `${MINIMAL}  b: {address: 203.0.113.7, ssh: {port: 9923}}\n`,
    [],
  ],
])('%s', (_, text, answer) => expect(told(text)).toEqual(answer));

test('what is wrong in the defaults is said once, at its place, however many servers inherit it', () => {
  const text = MINIMAL.replace('  ssh:\n', '  ssh:\n    prot: 1\n    port: x\n').concat(
    '  b: {address: 203.0.113.8}\n',
  );
  expect(told(text)).toEqual([
    '4:5 defaults.ssh.prot: unknown key; did you mean `port`?',
    '5:11 defaults.ssh.port: is text; a whole number is wanted',
  ]);
});

test('what a server overrides is still looked at in the defaults', () => {
  const text = MINIMAL.replace('  ssh:\n', '  ssh:\n    port: x\n').concat('    ssh: {port: 22}\n');
  expect(told(text)).toEqual(['4:11 defaults.ssh.port: is text; a whole number is wanted']);
});

test('an empty list in the defaults is shown there', () => {
  expect(told(MINIMAL.replace('[198.51.100.7]', '[]'))).toEqual([
    expect.stringContaining('5:22 defaults.ssh.admin_addresses: is empty'),
  ]);
});

test('cross-checks are made beside wrong values too, and not about them', () => {
  const text = server('    ssh: {port: x, authorized_keys: [], admin_addresses: [nowhere]}');
  expect(told(text)).toEqual([
    '9:17 servers.prod.ssh.port: is text; a whole number is wanted',
    expect.stringContaining('9:37 servers.prod.ssh.authorized_keys: is empty'),
    expect.stringContaining('9:59 servers.prod.ssh.admin_addresses[0]: is neither'),
  ]);
});

test('all that is wrong is told at once, in the order of the file', () => {
  const text = `version: 3
default: {}
servers:
  a: {address: 1.2.3.4:5, docker: {source: dockr}}
  b: {addres: x}
`;
  expect(problems(text).map(({ line, column }) => `${line}:${column}`)).toEqual([
    '1:10',
    '2:1',
    '4:3',
    '4:3',
    '4:16',
    '4:44',
    '5:3',
    '5:3',
    '5:3',
    '5:7',
  ]);
});

test.each([
  [
    'telegram token',
    'channels: {telegram: {token: "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"}}',
    'telegram_bot_token',
  ],
  ['sudo password', 'ssh: {sudo_password: hunter2}', 'sudo_password'],
  ['passphrase', 'ssh: {identity_file: /x, identity_passphrase: hunter2}', 'identity_passphrase'],
])('a %s as a literal: what to type instead', (_, written, name) => {
  const [problem, ...others] = problems(server(`    ${written}`));
  expect(others).toEqual([]);
  expect(problem!.sentence).toBe(`${LITERAL} secret://prod/${name}\` and write secret://prod/${name} here`);
});

test('a literal among the defaults is a shared secret', () => {
  const [problem] = problems(MINIMAL.replace('  ssh:\n', '  ssh:\n    sudo_password: hunter2\n'));
  expect(problem).toMatchObject({ line: 4, path: 'defaults.ssh.sudo_password' });
  expect(problem!.sentence).toContain('secret://shared/sudo_password');
});

test('a reference that is not one', () => {
  expect(told(server('    ssh: {sudo_password: "secret://prod"}'))).toEqual([
    '9:26 servers.prod.ssh.sudo_password: is not a valid secret reference: write it as secret://<server>/<name>',
  ]);
});
