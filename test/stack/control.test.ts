// What the steps say of a control plane, held against the compose file and the image that they are about.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import {
  CONTROL_NETWORK,
  CONTROL_PORTS,
  CONTROL_PROJECT,
  CONTROL_SERVICES,
  controlEnv,
  hasControl,
} from '../../src/stack/control.js';
import { STEPS } from '../../src/steps/index.js';
import { projectRoot } from '../../src/temporal/paths.js';
import { fixtureServer } from '../fixture-server.js';

const read = (name: string): string => readFileSync(join(projectRoot(), name), 'utf8');
const text = read('docker-compose.temporal.yml');
const compose = parse(text) as { name: string; services: Record<string, { ports?: string[] }> };
const image = `registry.example.com/clincher:0.1.0@sha256:${'ab'.repeat(32)}`;

it('only a monitor can have one', () => {
  expect(hasControl({ role: 'monitor', control: { image } })).toBe(true);
  expect(hasControl({ role: 'primary', control: { image } })).toBe(false);
  expect(hasControl({ role: 'monitor' })).toBe(false);
});

it('project, services, ports and network are those of the compose file', () => {
  expect(compose.name).toBe(CONTROL_PROJECT);
  expect(Object.keys(compose.services)).toEqual(expect.arrayContaining([...CONTROL_SERVICES]));
  const ports = Object.values(compose.services).flatMap(({ ports = [] }) => ports);
  expect(ports.toSorted()).toEqual(CONTROL_PORTS.map((port) => `127.0.0.1:${port}:${port}`).toSorted());
  expect(text).toContain(`\${CLINCHER_NETWORK:-${CONTROL_NETWORK}}`);
});

it('every variable of its environment is one that the compose file asks for', () => {
  const env = controlEnv(fixtureServer({ role: 'monitor', control: { image } }));
  const names = [...env.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name!);
  const asked = names.filter((name) => !name.startsWith('COMPOSE_'));
  expect(asked.filter((name) => !text.includes(`\${${name}:-`))).toEqual([]);
  expect(asked.filter((name) => name.endsWith('_IMAGE')).length).toBe(5);
});

it('what steps ship is in the checkout, in the package, and in the image of the worker', () => {
  const names = STEPS.flatMap(({ ships = [] }) => ships);
  expect(names.length).toBe(3);
  for (const name of names) {
    const top = name.split('/')[0]!;
    expect(existsSync(join(projectRoot(), name)), name).toBe(true);
    expect(manifest.files).toContain(top);
    expect(read('Dockerfile')).toContain(top);
  }
});
