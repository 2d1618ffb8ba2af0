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
  ports?: string[];
  environment?: Record<string, string>;
  command?: string[];
};
const services: Record<string, Service> = compose.services;

test('nothing is published beyond this machine', () => {
  const published = Object.values(services).flatMap(({ ports }) => ports ?? []);
  expect(published).toEqual(['127.0.0.1:7233:7233', '127.0.0.1:8080:8080']);
});

test('the versions are those of the embedded server', () => {
  expect(services['server']!.image).toBe(`temporalio/server:${MODULES.server}`);
  expect(services['ui']!.image).toBe(`temporalio/ui:${MODULES.ui}`);
  expect(services['postgresql']!.image).toBe('postgres:16');
});

test('what runs comes back, what runs once does not', () => {
  for (const name of ['postgresql', 'server', 'ui']) expect(services[name]!.restart).toBe('unless-stopped');
  for (const name of ['schema', 'namespace']) expect(services[name]!.restart).toBe('on-failure');
});

test('the data has a name, and the password is in a file alone', () => {
  expect(compose.volumes).toHaveProperty('postgres');
  expect(compose.secrets['postgres-password'].file).toContain('temporal-postgres-password');
  for (const { environment } of Object.values(services)) {
    for (const name of Object.keys(environment ?? {})) expect(name).not.toMatch(/(PWD|PASSWORD)$/);
  }
});

test('runs can be found there as in the embedded server', () => {
  for (const name of SEARCH_ATTRIBUTES) expect(services['namespace']!.command![0]).toContain(name);
});

test('dynamic configuration is YAML of the form that the server reads', () => {
  const values = parse(compose.configs.dynamic.content);
  expect(values['history.transferProcessorMaxPollRPS']).toEqual([{ value: 1000 }]);
});
