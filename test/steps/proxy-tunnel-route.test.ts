// The gate of the tunnel's route: what the person is told, and what each answer of the world means.
import { expect, it } from 'vitest';
import { readTunnelRoute, seenTunnelRoute, tunnelRoute } from '../../src/steps/proxy-tunnel-route.js';
import { server } from './fixture.js';

const want = server({ proxy: { kind: 'tunnel', domain: 'claw.example.com' } });

it('names the gateway as the tunnel reaches it', () => {
  expect(tunnelRoute(want).instructions.join('\n')).toContain(
    'Hostname claw.example.com, service http://172.31.253.2:18789',
  );
  expect(readTunnelRoute(want).at(-1)).toBe('https://claw.example.com/healthz');
});

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
