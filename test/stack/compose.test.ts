import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { baseFile, overlayFile } from '../../src/stack/compose.js';
import { composeFiles, OVERLAYS, overlays } from '../../src/stack/overlays.js';
import { services, startBudgetSeconds } from '../../src/stack/services.js';
import { server } from '../steps/fixture.js';
import { digests, servers } from './servers.js';

interface Entry {
  image: string;
  cap_drop: string[];
  cap_add?: string[];
  read_only: boolean;
  security_opt: string[];
  ports?: string[];
  environment?: Record<string, string>;
  volumes?: ({ source: string; target: string } | string)[];
  networks: Record<string, { ipv4_address?: string }>;
  healthcheck: { start_interval?: string };
  stop_grace_period?: string;
  depends_on?: Record<string, unknown>;
}

const entries = (text: string): Record<string, Entry> => parse(text, { version: '1.1' }).services;
const all = Object.entries(servers).map(([name, each]) => {
  const texts = [baseFile(each), ...overlays(each).map((overlay) => overlayFile(each, overlay))];
  return { name, each, found: Object.assign({}, ...texts.map(entries)) as Record<string, Entry> };
});

describe.each(all)('every service of $name', ({ each, found }) => {
  it('is there once, in base or overlay', () =>
    expect(Object.keys(found)).toEqual(services(each).map(({ service }) => service)));
  it('has no capability but to listen on ports of the web, a disk that cannot be written, no new privileges', () => {
    for (const [name, entry] of Object.entries(found)) {
      expect(entry).toMatchObject({ cap_drop: ['ALL'], read_only: true });
      expect(entry.security_opt).toContain('no-new-privileges:true');
      expect(entry.cap_add ?? []).toEqual(name === 'caddy' ? ['NET_BIND_SERVICE'] : []);
    }
  });
  it('is an image by digest, unless it is built here', () => {
    for (const { image, service } of services(each))
      expect(image).toMatch(
        service === 'openclaw-egress' && each.stack.egress.source === 'build'
          ? /^clincher\/smokescreen:/
          : /@sha256:[0-9a-f]{64}$/,
      );
  });
  it('publishes nothing, but Caddy', () =>
    expect(Object.keys(found).filter((name) => found[name]?.ports !== undefined)).toEqual(
      each.proxy.kind === 'caddy' ? ['caddy'] : [],
    ));
  it('has the way out only where it is a door', () =>
    expect(Object.keys(found).filter((name) => 'egress-net' in (found[name]?.networks ?? {}))).toEqual(
      ['openclaw-egress', 'caddy', 'cloudflared'].filter((name) => name in found),
    ));
  it('knows no key of a provider, but LiteLLM', () => {
    const holders = Object.keys(found).filter((name) =>
      Object.keys(found[name]?.environment ?? {}).some((key) => /_API_KEY$/.test(key)),
    );
    expect(holders).toEqual(['litellm']);
  });
});

describe('Docker', () => {
  const near = (sandbox: 'off' | 'docker') => entries(baseFile(server({ digests, openclaw: { sandbox } })));
  it('is out of the gateway’s reach without a sandbox', () => {
    const { openclaw } = near('off');
    expect(openclaw?.environment).not.toHaveProperty('DOCKER_HOST');
    expect(openclaw?.networks).not.toHaveProperty('docker-net');
  });
  it('is reached by the gateway alone with one', () => {
    const found = near('docker');
    const there = Object.keys(found).filter((name) => 'docker-net' in (found[name]?.networks ?? {}));
    expect(there).toEqual(['docker-proxy', 'openclaw']);
    expect(found['openclaw']?.environment?.['DOCKER_HOST']).toBe('tcp://openclaw-docker-proxy:2375');
  });
  it.each([
    ['docker', '12', true],
    ['distribution', '13', true],
    ['distribution', '12', false],
    ['present', '13', false],
  ] as const)('of source %s on Debian %s is asked to start quickly: %s', (source, version, isQuick) => {
    const host = { os: { id: 'debian', version, codename: '' } };
    const found = entries(baseFile(server({ digests, docker: { source } }), host));
    expect(Object.values(found).every(({ healthcheck }) => 'start_interval' in healthcheck)).toBe(isQuick);
  });
});

describe('the gateway', () => {
  const stop = (version: string, enabled: boolean): string | undefined =>
    entries(
      baseFile(
        server({
          digests,
          channels: { telegram: { enabled } },
          stack: { images: { openclaw: { version } } },
        }),
      ),
    )['openclaw']?.stop_grace_period;
  it.each([
    ['2026.9.6', true, '330s'],
    ['2026.9.6', false, '30s'],
    ['2026.3.13', true, '30s'],
    ['2026.6.11-slim', true, '30s'],
    ['extended-stable', true, '330s'],
  ])('of version %s, Telegram %s, may take %s to stop', (version, telegram, seconds) =>
    expect(stop(version, telegram)).toBe(seconds),
  );
});

describe('the graph', () => {
  it('is told by .env', () =>
    expect(composeFiles(servers.full)).toEqual([
      'docker-compose.yml',
      'compose.caddy.yml',
      'compose.filebrowser.yml',
    ]));
  it('has each service in one file, and needs only what is there', () => {
    const names = OVERLAYS.map(({ name }) => name);
    const inOverlays = OVERLAYS.flatMap((overlay) => overlay.services);
    expect(new Set(inOverlays).size).toBe(inOverlays.length);
    expect(OVERLAYS.flatMap(({ needs }) => needs).filter((need) => !names.includes(need))).toEqual([]);
  });
});

describe('the label of a service', () => {
  const part = (each: typeof servers.full, service: string): string | undefined =>
    services(each).find((one) => one.service === service)?.part;
  const changed = (each: typeof servers.full): string[] =>
    services(each)
      .filter(({ service, part: label }) => label !== part(servers.full, service))
      .map(({ service }) => service);
  it('changes with a file that it reads, and no other does', () => {
    const { stack } = servers.full;
    const egress = { ...stack.egress, extra_domains: [] };
    expect(changed({ ...servers.full, stack: { ...stack, egress } })).toEqual(['openclaw-egress']);
  });
  it('changes with its image', () =>
    expect(changed({ ...servers.full, digests: { ...digests, redis: `sha256:${'f'.repeat(64)}` } })).toEqual([
      'redis',
    ]));
  it('gives the whole start some minutes', () =>
    expect(startBudgetSeconds(servers.full)).toBeGreaterThan(300));
});
