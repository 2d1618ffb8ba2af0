import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { MODULES } from '../../src/temporal/cache.js';
import { SEARCH_ATTRIBUTES } from '../../src/temporal/namespace.js';
import { projectRoot } from '../../src/temporal/paths.js';

const text = readFileSync(join(projectRoot(), 'docker-compose.temporal.yml'), 'utf8');
const compose = parse(text, { merge: true });
type Service = {
  image: string;
  restart: string;
  profiles?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  networks?: string[];
  stop_grace_period?: string;
  ports?: string[];
  environment?: Record<string, string>;
  command?: string[];
};
const services: Record<string, Service> = compose.services;

test('nothing is published beyond this machine', () => {
  const published = Object.values(services).flatMap(({ ports }) => ports ?? []);
  expect(published).toEqual(['127.0.0.1:7233:7233', '127.0.0.1:8080:8080', '127.0.0.1:8081:8081']);
});

/** What it is where nobody names another one. */
const image = (name: string): string => /:-(.+)\}$/.exec(services[name]!.image)?.[1] ?? '';

test('the versions are those of the embedded server', () => {
  expect(image('server')).toBe(`temporalio/server:${MODULES.server}`);
  expect(image('ui')).toBe(`temporalio/ui:${MODULES.ui}`);
  expect(image('postgresql')).toBe('postgres:16');
});

test('what runs comes back, what runs once does not', () => {
  for (const name of ['postgresql', 'server', 'ui', 'worker', 'codec'])
    expect(services[name]!.restart).toBe('unless-stopped');
  for (const name of ['schema', 'namespace']) expect(services[name]!.restart).toBe('on-failure');
});

test('the data has a name, and the password is in a file alone', () => {
  expect(compose.volumes).toHaveProperty('postgres');
  expect(compose.secrets['postgres-password'].file).toContain('temporal-postgres-password');
  for (const { environment } of Object.values(services)) {
    for (const name of Object.keys(environment ?? {})) expect(name).not.toMatch(/(PWD|PASSWORD)$/);
  }
});

test('the worker and the codec are of this version, may do nothing but their work, and are started where they are asked for', () => {
  const { version } = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8'));
  for (const name of ['worker', 'codec']) {
    expect(image(name)).toBe(`clincher:${version}`);
    expect(services[name]).toMatchObject({ profiles: ['worker'], read_only: true, cap_drop: ['ALL'] });
  }
});

test('a worker is given longer to end than it gives its steps', () => {
  expect(Number.parseInt(services['worker']!.stop_grace_period ?? '', 10)).toBeGreaterThan(18);
});

test('the database is reached by Temporal alone, and reaches nobody', () => {
  expect(compose.networks.data).toEqual({ internal: true });
  const there = Object.keys(services).filter((name) => services[name]!.networks?.includes('data'));
  expect(there.sort()).toEqual(['namespace', 'postgresql', 'schema', 'server']);
});

test('with certificates: nobody comes in without one, and everybody who comes in has one', () => {
  const overlay = parse(readFileSync(join(projectRoot(), 'docker-compose.temporal-tls.yml'), 'utf8'), {
    merge: true,
  });
  const { server, ...clients } = overlay.services as Record<string, Service>;
  expect(server!.environment).toMatchObject({ TEMPORAL_TLS_REQUIRE_CLIENT_AUTH: 'true' });
  const asking = Object.keys(services).filter((name) =>
    Object.hasOwn(services[name]!.environment ?? {}, 'TEMPORAL_ADDRESS'),
  );
  expect(Object.keys(clients).sort()).toEqual(asking.sort());
  for (const { environment } of Object.values(clients))
    expect(Object.values(environment ?? {})).toEqual(
      expect.arrayContaining(['/tls/client.pem', '/tls/client.key']),
    );
});

test('runs can be found there as in the embedded server', () => {
  for (const name of SEARCH_ATTRIBUTES) expect(services['namespace']!.command![0]).toContain(name);
});

test('dynamic configuration is YAML of the form that the server reads', () => {
  const values = parse(compose.configs.dynamic.content);
  expect(values['history.transferProcessorMaxPollRPS']).toEqual([{ value: 1000 }]);
});
