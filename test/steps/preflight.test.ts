// Every problem that can be known before the first change, alone and all at once.
import { describe, expect, it } from 'vitest';
import { imagesNeeded } from '../../src/stack/images.js';
import { type PreflightValues, preflightProblems } from '../../src/steps/preflight.js';
import { partitioned } from '../fixture-partitions.js';
import { type Overrides, server } from './fixture.js';

const NOW = Date.UTC(2026, 10, 23);
const GIB = 1024 ** 3;

const names =
  'ca-certificates curl gnupg iproute2 iptables logrotate procps rsync ufw fail2ban python3-systemd unattended-upgrades docker.io docker-cli docker-compose docker-buildx';

const FIT: PreflightValues = {
  clock: NOW,
  os: { id: 'debian', version: '13', codename: 'trixie' },
  init: 'systemd',
  free: [{ path: '/', bytes: 20 * GIB }],
  memory: 32 * GIB,
  cpus: 8,
  images: new Set(),
  subnets: [{ link: 'eth0', address: '10.0.0.5', prefix: 24 }],
  proxyNet: null,
  managers: [],
  sites: [{ host: 'mirror.example.org', resolves: true }],
  broken: '',
  holders: [],
  candidates: new Map(names.split(' ').map((name) => [name, '1'])),
  installed: new Map(),
  listeners: [{ port: 22, by: ['sshd'] }],
};

/** Every image of the stack, as Docker lists them; the egress proxy was built. */
const pulled = (): Set<string> => {
  const want = server();
  const digests = imagesNeeded(want).map((name) => `mirror.example/${name}@${want.digests[name]}`);
  return new Set([...digests, 'clincher/smokescreen:a3294a6cc4e4-0123456789ab']);
};

/** No stack on it: Docker and walls alone. */
const HOST_ONLY: Overrides = { stack: { enabled: false } };

const say = (values: Partial<PreflightValues>, want: Overrides = {}) =>
  preflightProblems({ ...FIT, ...values }, server(want), { nowMs: NOW }).map(
    ({ code, message }) => `${code} ${message}`,
  );

describe('preflight', () => {
  it('finds nothing wrong with a fit host', () => expect(say({})).toEqual([]));

  it.each<[string, Partial<PreflightValues>, Overrides]>([
    [
      'OS_UNSUPPORTED debian 11 is not supported',
      { os: { id: 'debian', version: '11', codename: 'bullseye' } },
      {},
    ],
    [
      'OS_UNSUPPORTED alpine 3.22 is not supported',
      { os: { id: 'alpine', version: '3.22', codename: '' } },
      {},
    ],
    ['PREFLIGHT_FAILED PID 1 is sleep, not systemd', { init: 'sleep' }, {}],
    [
      'PREFLIGHT_FAILED /var has 1.0 GiB free, 5.0 GiB are needed',
      { free: [{ path: '/var', bytes: GIB }] },
      HOST_ONLY,
    ],
    ['HOST_TOO_SMALL the host has 0.5 GiB of memory, 0.9 GiB are needed', { memory: GIB / 2 }, HOST_ONLY],
    [
      'PREFLIGHT_FAILED / has 9.0 GiB free, 15.6 GiB are needed, about 10.6 GiB of them for images',
      { free: [{ path: '/', bytes: 9 * GIB }] },
      {},
    ],
    [
      'PREFLIGHT_FAILED /var/lib/docker has 4.0 GiB free, 15.6 GiB are needed, about 10.6 GiB of them for images',
      {
        free: [
          { path: '/', bytes: 6 * GIB },
          { path: '/var/lib/docker', bytes: 4 * GIB },
        ],
      },
      {},
    ],
    [
      'HOST_TOO_SMALL the limits of tier `production` need 19.1 GiB of memory together, the host has 15.6 GiB: set stack.tier to `growth`, lower stack.limits, or take a larger server',
      { memory: 15.6 * GIB },
      {},
    ],
    [
      'HOST_TOO_SMALL the limits of tier `starter` need 3.4 GiB of memory together, the host has 1.9 GiB: lower stack.limits, or take a larger server',
      { memory: 1.9 * GIB },
      { stack: { tier: 'starter' } },
    ],
    [
      'HOST_TOO_SMALL tier `production` lets one service use 8 processors, the host has 4: Docker would refuse it; set stack.tier to `starter`, lower stack.limits, or take a larger server',
      { cpus: 4 },
      {},
    ],
    [
      'PREFLIGHT_FAILED stack.proxy_subnet 172.16.253.0/28 overlaps 172.16.240.7/20 of ens5: set it to a network that nobody here uses',
      { subnets: [...FIT.subnets, { link: 'ens5', address: '172.16.240.7', prefix: 20 }] },
      {},
    ],
    ['PREFLIGHT_FAILED the clock is 41 s ahead; certificates fail on that', { clock: NOW + 41_000 }, {}],
    [
      'PREFLIGHT_FAILED the clock is 3600 s behind; certificates fail on that',
      { clock: NOW - 3_600_000 },
      {},
    ],
    [
      'PREFLIGHT_FAILED mirror.example.org cannot be resolved; APT needs it',
      { sites: [{ host: 'mirror.example.org', resolves: false }] },
      {},
    ],
    ['PREFLIGHT_FAILED APT is broken: E: Unmet dependencies.', { broken: 'E: Unmet dependencies.' }, {}],
    ['APT_LOCKED apt is held by unattended-upgr (pid 812)', { holders: ['unattended-upgr (pid 812)'] }, {}],
    [
      'PREFLIGHT_FAILED no package source has rsync',
      { candidates: new Map([...FIT.candidates].filter(([name]) => name !== 'rsync')) },
      {},
    ],
    [
      'PREFLIGHT_FAILED port 9922 is taken by nginx, SSH is to listen there',
      { listeners: [{ port: 9922, by: ['nginx'] }] },
      {},
    ],
    [
      'PREFLIGHT_FAILED docker.io is installed and docker.source is `docker`: remove it, or set docker.source to `present`',
      { installed: new Map([['docker.io', '1']]) },
      { docker: { source: 'docker' } },
    ],
    [
      'PREFLIGHT_FAILED Docker’s own packages are installed and docker.source is `distribution`: set it to `docker` or `present`',
      { installed: new Map([['docker-ce', '1']]) },
      {},
    ],
    [
      'PREFLIGHT_FAILED netfilter-persistent is installed, and would fight with ufw',
      { installed: new Map([['netfilter-persistent', '1']]) },
      {},
    ],
    ['PREFLIGHT_FAILED puppet is enabled, and would undo what clincher does', { managers: ['puppet'] }, {}],
  ])('%s', (sentence, values, want) => expect(say(values, want)).toEqual([sentence]));

  it.each<[string, Partial<PreflightValues>, Overrides]>([
    ['the tier that fits exactly', { memory: 3.5 * GIB, cpus: 2 }, { stack: { tier: 'starter' } }],
    ['a host without a stack, however small', { memory: GIB, cpus: 1 }, HOST_ONLY],
    ['images that are there already', { free: [{ path: '/', bytes: 6 * GIB }], images: pulled() }, {}],
    [
      'the proxy’s network of the last run',
      {
        subnets: [{ link: 'br-0123456789ab', address: '172.16.253.1', prefix: 28 }],
        proxyNet: { link: 'br-0123456789ab', subnet: '172.16.253.0/28' },
      },
      {},
    ],
  ])('takes %s', (_, values, want) => expect(say(values, want)).toEqual([]));

  it('says all of it at once', () => {
    expect(
      say({ memory: 0, init: 'sleep', holders: ['apt (pid 7)'], os: { id: 'x', version: '', codename: '' } }),
    ).toHaveLength(4);
  });

  it('believes nothing of package lists that a fresh image has not got yet', () => {
    expect(say({ candidates: new Map() })).toEqual([]);
  });

  it('takes half a minute of clock for the way there', () =>
    expect(say({ clock: NOW + 30_000 })).toEqual([]));
});

describe('a server with partitions', () => {
  const want = partitioned();
  const said = (values: Partial<PreflightValues>) =>
    preflightProblems({ ...FIT, memory: 128 * GIB, ...values }, want, { nowMs: NOW }).map(
      ({ code, message }) => `${code} ${message}`,
    );
  const link = (address: string, prefix: number) => ({ link: 'br-1234', address, prefix });

  it('has its own networks there already, after an earlier run', () =>
    expect(said({ subnets: [link('172.16.253.17', 28), link('172.16.253.33', 28)] })).toEqual([]));
  it('is told of a network that is somebody else’s, by the key to change', () =>
    expect(said({ subnets: [link('172.16.253.40', 24)] }).join('\n')).toContain(
      'PREFLIGHT_FAILED partitions.team.proxy_subnet 172.16.253.16/28 overlaps 172.16.253.40/24 of br-1234',
    ));
  it('needs what all its gateways may take', () =>
    expect(said({ memory: 32 * GIB })).toEqual([
      expect.stringMatching(
        /^HOST_TOO_SMALL the limits of tier `production` need 5\d\.\d GiB .* `starter`, lower stack\.limits/,
      ),
    ]));
});
