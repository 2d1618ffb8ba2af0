import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { pathsBelow, schemaAt } from '../../src/config/keys.js';
import { valueAt } from '../../src/config/merge.js';
import { fileSchema, serverSchema } from '../../src/config/schema.js';
import { PROVIDERS } from '../../src/stack/providers.js';
import { load, MINIMAL } from './fixture.js';

const text = readFileSync(fileURLToPath(new URL('../../clincher.example.yaml', import.meta.url)), 'utf8');

test('the example is a valid configuration', () => {
  const { servers } = load(text);
  expect(Object.keys(servers)).toEqual(['prod', 'spare', 'standby', 'clients', 'watch']);
  expect(servers['standby']).toMatchObject({ role: 'standby', ssh: { jump: { port: 22 } } });
});

test('it shows every key', () => {
  const raw = parse(text);
  const ofServers = pathsBelow(serverSchema()).filter((path) =>
    [
      'defaults',
      'servers.prod',
      'servers.spare',
      'servers.standby',
      'servers.clients',
      'servers.watch',
    ].every((place) => valueAt(raw, [...place.split('.'), ...path]) === undefined),
  );
  const ofFile = pathsBelow(fileSchema()).filter(
    (path) => path[0] !== 'defaults' && valueAt(raw, path) === undefined,
  );
  expect([...ofServers, ...ofFile].map((path) => path.join('.'))).toEqual([]);
});

test('its values are the defaults, wherever there is one', () => {
  const shown = load(text).servers['prod'] as unknown;
  const made = load(MINIMAL).servers['prod'] as unknown;
  const others = [
    'ssh.host_keys',
    'ssh.authorized_keys',
    'ssh.admin_addresses',
    'address',
    'system.sysctl',
    'redteam.attacks',
    'alerts.channels',
    'monitoring.from',
    // Maps and lists that are empty by default show nothing, so the example fills them.
    'stack.limits',
    'stack.egress.extra_domains',
    'stack.egress.allow_ranges',
    'providers',
    'openclaw.origins',
    'openclaw.denied_tools',
    'openclaw.accepted_findings',
    'openclaw.rules',
    'openclaw.skills',
    'openclaw.personas',
    'openclaw.bundled_skills',
    'openclaw.extra_env',
    'proxy.oidc.allowed_domains',
  ];
  const leaves = pathsBelow(serverSchema()).filter(
    (path) => pathsBelow(schemaAt(serverSchema(), path)!).length === 0,
  );
  const differing = leaves.filter(
    (path) =>
      valueAt(made, path) !== undefined && !others.includes(path.join('.')) && !isReference(made, path),
  );
  for (const path of differing)
    expect([path.join('.'), valueAt(shown, path)]).toEqual([path.join('.'), valueAt(made, path)]);
  expect(differing.length).toBeGreaterThan(65);
});

/** Each server's own by default; in the example they are shared. */
const isReference = (server: unknown, path: string[]): boolean =>
  String(valueAt(server, path)).startsWith('secret://');

test('it names every provider that there is', () => {
  const comment = text.slice(text.indexOf('# Who answers.'), text.indexOf('\n  models:'));
  for (const { id } of PROVIDERS) expect(comment).toMatch(new RegExp(`\\b${id}\\b`));
});

test('every key says what it is: the descriptions are the documentation', () => {
  const silent = pathsBelow(fileSchema()).filter((path) => {
    const { description } = schemaAt(fileSchema(), path) as { description?: string };
    return description === undefined || !/^[A-Z`0-9f].*[.]$/.test(description);
  });
  expect(silent.map((path) => path.join('.'))).toEqual([]);
});

test('every key of a server says its default, when it has a plain one', () => {
  const server = serverSchema();
  const made = load(MINIMAL).servers['prod'] as unknown;
  for (const path of pathsBelow(server)) {
    const value = valueAt(made, path);
    const { description = '' } = schemaAt(server, path) as { description?: string };
    if (typeof value === 'number' || typeof value === 'boolean')
      expect(description).toContain(`Default ${value}`);
  }
});
