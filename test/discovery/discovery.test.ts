import { expect, test } from 'vitest';
import { value } from '../../src/activities/evaluate.js';
import { DISCOVERIES } from '../../src/discovery/index.js';
import type { Fact, Found, FoundValue, Left, Reading } from '../../src/model.js';
import { CLOUDFLARE } from '../../src/steps/cloudflare-ranges.js';
import { KEY } from '../config/fixture.js';
import { fixtureServer } from '../fixture-server.js';

type Answers = Record<string, string | Reading>;

const VIA = { user: 'ada', port: 2222 };
const tuple = (act: string, ports: string, from: string): string =>
  `### tuple ### ${act} tcp ${ports} 0.0.0.0/0 any ${from} in`;

/** Answers by a word of the command that asks; whatever nobody answers is not there. */
function seen(answers: Answers, via: typeof VIA): { found: Found[]; left: Left[] }[] {
  return DISCOVERIES.map((discovery) => {
    const facts = Object.entries<Fact<unknown>>(discovery.facts(fixtureServer(), via));
    const values = Object.fromEntries(
      facts.map(([name, fact]) => [name, value(fact, answerTo(fact, answers), name)]),
    );
    const given = [values, fixtureServer(), via] as const;
    return { found: discovery.found(...given), left: discovery.left?.(...given) ?? [] };
  });
}

const discover = (answers: Answers, via = VIA): Found[] => seen(answers, via).flatMap(({ found }) => found);
const leftOf = (answers: Answers): Left[] => seen(answers, VIA).flatMap(({ left }) => left);

const DEBIAN = { id: 'debian', version: '13', codename: 'trixie' };

function answerTo({ read, bare }: Fact<unknown>, answers: Answers): Reading {
  const words = read.join(' ');
  const [, answer] = Object.entries(answers).find(([word]) => words.includes(word)) ?? [];
  if (typeof answer === 'object') return answer;
  if (answer !== undefined) return { stdout: answer, stderr: '', exitCode: 0 };
  if (bare !== undefined)
    return { stdout: bare(DEBIAN).replaceAll('=loaded', '=not-found'), stderr: '', exitCode: 0 };
  if (words.startsWith('read-file')) return { stdout: '', stderr: 'No such file or directory', exitCode: 1 };
  const isSilent =
    read[0] !== 'python3' && /grep|apt-config|systemctl|dpkg-query|cat |for |read -r/.test(words);
  return isSilent ? { stdout: '', stderr: '', exitCode: 0 } : { stdout: '', stderr: '', exitCode: 127 };
}

const asKeys = (found: readonly Found[]): Record<string, FoundValue> =>
  Object.fromEntries(found.map(({ key, value: is }) => [key.join('.'), is]));

const file = (content: string): string => `644 root root\n${content}`;

test('a bare host decides nothing but the way in that worked', () => {
  expect(asKeys(discover({}))).toEqual({ 'ssh.user': 'ada', 'ssh.port': 2222 });
  expect(asKeys(discover({}, { user: 'root', port: 22 }))).toEqual({ 'ssh.port': 22 });
});

test('keys that only log in are taken over; those with options are a person’s to say', () => {
  const keys = `# mine\n${KEY}\nfrom="192.0.2.1" ${KEY}\n\nno-pty ${KEY}\n`;
  expect(asKeys(discover({ '/home/ada/.ssh/authorized_keys': file(keys) }))).toMatchObject({
    'ssh.authorized_keys': [KEY],
  });
  expect(leftOf({ '/home/ada/.ssh/authorized_keys': file(keys) })).toEqual([
    {
      name: 'keys with options',
      place: '/home/ada/.ssh/authorized_keys',
      why: '2 of its lines log in with options, which clincher does not write: a run takes them away',
    },
  ]);
  expect(leftOf({ '/home/ada/.ssh/authorized_keys': file(`# mine\n${KEY}\n`) })).toEqual([]);
});

test('the firewall tells who comes in by SSH and by the web', () => {
  const up = (...rules: string[]): Answers => ({ '/etc/ufw/ufw.conf': ['ENABLED=yes', ...rules].join('\n') });
  expect(
    asKeys(
      discover(
        up(
          tuple('limit', '2222', '198.51.100.7'),
          tuple('allow', '2222', '10.0.0.0/8'),
          tuple('deny', '2222', '192.0.2.9'),
        ),
      ),
    ),
  ).toMatchObject({ 'ssh.admin_addresses': ['198.51.100.7', '10.0.0.0/8'], 'firewall.web_sources': 'none' });
  expect(
    asKeys(discover(up(tuple('allow', '2222', '0.0.0.0/0'), tuple('allow', '80,443', '0.0.0.0/0')))),
  ).toEqual({
    'ssh.user': 'ada',
    'ssh.port': 2222,
    'firewall.web_sources': 'any',
  });
  const cloudflare = CLOUDFLARE.ranges.map((range) => tuple('allow', '443', range));
  expect(asKeys(discover(up(...cloudflare)))).toMatchObject({ 'firewall.web_sources': 'cloudflare' });
  expect(asKeys(discover(up(tuple('allow', '443', '192.0.2.0/24'))))).toMatchObject({
    'firewall.web_sources': ['192.0.2.0/24'],
  });
  // Rules of a firewall that is off were never in effect.
  expect(asKeys(discover({ '/etc/ufw/ufw.conf': tuple('allow', '443', '0.0.0.0/0') }))).toEqual({
    'ssh.user': 'ada',
    'ssh.port': 2222,
  });
});

test('kernel settings that somebody wrote down and that hold, and no default of a distribution', () => {
  const found = asKeys(
    discover({
      '/etc/sysctl.d':
        '# tuned\nvm.swappiness = 5\nnet.core.somaxconn=2048\nkernel.kptr_restrict = 0\nfs/inotify/max_user_watches = 1\n',
      '/proc/sys':
        '/proc/sys/vm/swappiness:5\n/proc/sys/net/core/somaxconn:4096\n/proc/sys/fs/inotify/max_user_instances:128\n/proc/sys/net/ipv6/conf/all/disable_ipv6:1\n',
    }),
  );
  expect(found).toEqual({
    'ssh.user': 'ada',
    'ssh.port': 2222,
    'system.sysctl.vm.swappiness': 5,
    'system.ipv6': false,
  });
});

test('updates reboot as somebody said', () => {
  const apt =
    'APT::Periodic::Unattended-Upgrade "1";\nUnattended-Upgrade::Automatic-Reboot "false";\nUnattended-Upgrade::Automatic-Reboot-Time "02:30";\n';
  expect(asKeys(discover({ 'apt-config': apt }))).toMatchObject({
    'system.unattended_upgrades.reboot': false,
    'system.unattended_upgrades.reboot_time': '02:30',
  });
  expect(
    asKeys(discover({ 'apt-config': 'Unattended-Upgrade::Automatic-Reboot-Time "now";\n' })),
  ).not.toHaveProperty('system.unattended_upgrades.reboot_time');
});

test('Docker is of where its packages are, and its daemon.json is as it is', () => {
  const json = JSON.stringify({
    dns: ['9.9.9.9'],
    'log-opts': { 'max-size': '5m', 'max-file': '7' },
    'default-ulimits': { nofile: { Soft: 4096 } },
  });
  expect(
    asKeys(discover({ 'dpkg-query': 'docker.io installed 26.1\n', 'daemon.json': file(json) })),
  ).toMatchObject({
    'docker.source': 'distribution',
    'docker.dns': ['9.9.9.9'],
    'docker.log_max_size': '5m',
    'docker.log_max_file': 7,
    'docker.nofile': 4096,
  });
  expect(asKeys(discover({ 'daemon.json': file('{ broken') }))).not.toHaveProperty('docker.dns');
  expect(asKeys(discover({ 'dpkg-query': 'docker-ce installed 5:27\n' }))).toMatchObject({
    'docker.source': 'docker',
  });
});

test('what runs of the stack tells versions, folder and the way in', () => {
  const container = (Image: string, State = 'running') => ({
    ...{ Names: ['/x'], State, Status: 'Up', Image, Created: 1 },
    Labels: { 'com.docker.compose.project.working_dir': '/srv/claw' },
  });
  const list = [
    container('ghcr.io/openclaw/openclaw:2026.3.13'),
    container('redis/redis-stack-server:latest'),
    container('docker.io/library/caddy:2.8.4-alpine'),
    container('nginx:1'),
  ];
  const caddy = '{\n  email ops@example.com\n}\nclaw.example.com {\n  reverse_proxy openclaw:18789\n}\n';
  expect(
    asKeys(discover({ '/containers/json': JSON.stringify(list), 'folder/Caddyfile': caddy })),
  ).toMatchObject({
    'stack.directory': '/srv/claw',
    'stack.images.openclaw.version': '2026.3.13',
    'stack.images.caddy.version': '2.8.4-alpine',
    'proxy.kind': 'caddy',
    'proxy.domain': 'claw.example.com',
  });
  // `latest` says nothing; and Caddy without a name serves nobody.
  const bare = asKeys(discover({ '/containers/json': JSON.stringify(list) }));
  expect(bare).not.toHaveProperty('stack.images.redis.version');
  expect(bare).not.toHaveProperty('proxy.kind');
});

test('what no key says is told: another compose project, and secrets beside it, by their names alone', () => {
  const gateway = (project: string) => ({
    ...{ Names: ['/x'], State: 'running', Status: 'Up', Image: 'openclaw/openclaw:2026.9.6', Created: 1 },
    Labels: {
      'com.docker.compose.project': project,
      'com.docker.compose.project.working_dir': '/srv/claw',
    },
  });
  const answers = (project: string, env: string): Answers => ({
    '/containers/json': JSON.stringify([gateway(project)]),
    'folder/.env': env,
  });
  expect(leftOf(answers('claw', '/srv/claw/.env\nTZ\nOPENAI_API_KEY\nGATEWAY_TOKEN\n'))).toEqual([
    {
      name: 'compose project claw',
      place: '/srv/claw',
      why: 'clincher’s is `openclaw`. Before its first run: docker compose -p claw down (without -v, so that the volumes stay)',
    },
    {
      name: 'OPENAI_API_KEY, GATEWAY_TOKEN',
      place: '/srv/claw/.env',
      why: 'their values were not looked at. Take them over: clincher exec lab --sudo -- cat /srv/claw/.env | clincher secrets import - -s lab',
    },
  ]);
  expect(leftOf(answers('openclaw', '/srv/claw/.env\nTZ\n'))).toEqual([]);
  // Nobody is given a command that does more than it says.
  const [first, second] = leftOf(answers('a;reboot', '/srv/$(reboot)/.env\nA_KEY\n'));
  expect(first?.why).toContain('compose -p <project> down');
  expect(second?.why).toContain('cat <file> |');
});

test('a tailnet that the host is in, and fail2ban as it runs', () => {
  const jail =
    '{"maxretry":"5","bantime":"7200","findtime":"300","ignoreip":[],"journalmatch":[],"actions":[]}';
  expect(
    asKeys(
      discover({
        'tailscale status': '{"BackendState":"Running","TailscaleIPs":["100.64.0.1"]}',
        _pickle: jail,
      }),
    ),
  ).toMatchObject({
    'tailscale.enabled': true,
    'tailscale.source': 'present',
    'firewall.fail2ban.max_retry': 5,
    'firewall.fail2ban.ban_seconds': 7200,
    'firewall.fail2ban.find_seconds': 300,
  });
});
