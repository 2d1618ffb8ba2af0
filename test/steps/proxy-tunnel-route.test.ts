// Gates of the public name: what each answer of the world means.
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { readDnsRecord, seenDnsRecord } from '../../src/steps/proxy-dns-record.js';
import { readTunnelRoute, seenTunnelRoute } from '../../src/steps/proxy-tunnel-route.js';
import { server } from './fixture.js';

const want = server({ proxy: { kind: 'tunnel', domain: 'claw.example.com' } });

it('is asked for under the public name', () =>
  expect(readTunnelRoute(want).at(-1)).toBe('https://claw.example.com/healthz'));

it.each([
  ['200 0', true],
  ['530 0', false],
  ['404 0', false],
  ['000 6', false],
  ['000 60', false],
  ['', false],
])('%j is done: %j', (stdout, done) => expect(seenTunnelRoute(stdout).done).toBe(done));

it('tells a name without a record from a tunnel without a route', () => {
  expect(seenTunnelRoute('000 6').note).toContain('no DNS record');
  expect(seenTunnelRoute('404 0').note).toContain('no route');
});

const direct = server({
  proxy: { kind: 'caddy', domain: 'claw.example.com' },
  firewall: { web_sources: 'any' },
});
const proxied = server({
  proxy: { kind: 'caddy', domain: 'claw.example.com' },
  firewall: { web_sources: 'cloudflare' },
});

it.each([
  ['192.0.2.7 2001:db8::7 \n192.0.2.7 \n', direct, true],
  ['198.51.100.1 \n192.0.2.7 \n', direct, false],
  ['198.51.100.1 \n192.0.2.7 \n', proxied, true],
  ['\n192.0.2.7 \n', direct, false],
  ['\n192.0.2.7 \n', proxied, false],
  ['', direct, false],
])('a record %j is there: %j', (stdout, of, done) => expect(seenDnsRecord(stdout, of).done).toBe(done));

it('says where the name leads instead', () =>
  expect(seenDnsRecord('198.51.100.1 \n192.0.2.7 \n', direct).note).toContain(
    'leads to 198.51.100.1, not to',
  ));

it('resolves with the tools that every host has', () => {
  const [program = '', ...args] = readDnsRecord({
    ...direct,
    address: '127.0.0.1',
    proxy: { ...direct.proxy, domain: 'localhost' },
  }).map(String);
  const { stdout } = spawnSync(program, args, { encoding: 'utf8' });
  expect(stdout.split('\n')).toHaveLength(3);
  expect(stdout.split('\n')[1]).toBe('127.0.0.1 ');
  expect(seenDnsRecord(stdout.replaceAll('::1', '127.0.0.1'), direct).done).toBe(true);
});
