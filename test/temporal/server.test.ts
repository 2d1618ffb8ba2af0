import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { MODULES } from '../../src/temporal/cache.js';
import { asset } from '../../src/temporal/paths.js';
import { PORT_NAMES, type Ports } from '../../src/temporal/ports.js';
import { serverSpec, uiSpec } from '../../src/temporal/server.js';
import { DYNAMIC_CONFIG, dynamicYaml, serverYaml } from '../../src/temporal/server-config.js';
import { TEST_SERVER_VERSION } from '../../src/temporal/test-server.js';

const ports = Object.fromEntries(PORT_NAMES.map((name, i) => [name, 20_000 + i])) as Ports;
const layout = { folder: '/state', ports, codec: true };
const cli = { kind: 'cli', path: '/usr/bin/temporal', version: '1.29.1' } as const;
const modules = { kind: 'modules', server: '/cache/server', ui: '/cache/ui', version: '1.32.0' } as const;

test('the CLI gets its ports, its file, the codec and what makes dispatch quick', () => {
  const { words } = serverSpec(cli, layout);
  expect(words.slice(0, 3)).toEqual(['/usr/bin/temporal', 'server', 'start-dev']);
  const flags = words.join(' ');
  expect(flags).toContain('--ip 127.0.0.1 --port 20000');
  expect(flags).toContain('--ui-port 20010 --db-filename /state/temporal-1.29.1.db');
  expect(flags).toContain('--ui-codec-endpoint http://127.0.0.1:20011');
  expect(flags).toContain('--sqlite-pragma journal_mode=wal');
  expect(flags).toContain('--dynamic-config-value history.transferProcessorMaxPollRPS=1000');
  expect(words).toContain('history.timerProcessorMaxTimeShift="50ms"');
});

test('the CLI brings its own web UI', () => expect(uiSpec(cli, layout)).toBeUndefined());

test('the modules get one file of configuration and one of dynamic configuration', () => {
  const { words, files } = serverSpec(modules, layout);
  expect(words).toEqual(['/cache/server', '--config-file', '/state/server.yaml', '--allow-no-auth', 'start']);
  expect(Object.keys(files)).toEqual(['/state/server.yaml', '/state/server-dynamic.yaml']);
});

test('the server listens on this machine only, in WAL mode, on the ports that were chosen', () => {
  const text = serverYaml(layout, '1.32.0', '/state/server-dynamic.yaml');
  const config = parse(text);
  for (const service of Object.values<{ rpc: object }>(config.services)) {
    expect(service.rpc).toMatchObject({ bindOnLocalHost: true });
  }
  expect(config.services.frontend.rpc).toMatchObject({ grpcPort: 20_000, httpPort: 20_001 });
  expect(config.global.membership.broadcastAddress).toBe('127.0.0.1');
  const { sql } = config.persistence.datastores.default;
  expect(sql.databaseName).toBe('/state/temporal-1.32.0.db');
  expect(sql.connectAttributes).toMatchObject({ journal_mode: 'wal', synchronous: '2', mode: 'rwc' });
  expect(text).not.toContain('0.0.0.0');
});

test('dynamic configuration has the form that the server reads', () => {
  const values = parse(dynamicYaml());
  for (const [key, value] of Object.entries(DYNAMIC_CONFIG)) expect(values[key]).toEqual([{ value }]);
});

test('the web UI answers on this machine only and knows the codec', () => {
  const { words, files } = uiSpec(modules, layout)!;
  expect(words).toEqual(['/cache/ui', '--root', '/state', '--config', 'ui', '--env', 'clincher', 'start']);
  expect(parse(files['/state/ui/clincher.yaml']!)).toMatchObject({
    host: '127.0.0.1',
    port: 20_010,
    temporalGrpcAddress: '127.0.0.1:20000',
    codec: { endpoint: 'http://127.0.0.1:20011' },
    cors: { allowOrigins: ['http://127.0.0.1:20010', 'http://localhost:20010'] },
  });
});

test('without a codec the web UI is given none', () => {
  const { files } = uiSpec(modules, { ...layout, codec: false })!;
  expect(parse(files['/state/ui/clincher.yaml']!).codec.endpoint).toBe('');
  expect(serverSpec(cli, { ...layout, codec: false }).words).not.toContain('--ui-codec-endpoint');
});

test('the versions in the code are those that are fetched', () => {
  const goMod = readFileSync(asset('build', 'go.mod'), 'utf8');
  expect(goMod).toContain(`go.temporal.io/server v${MODULES.server}`);
  expect(goMod).toContain(`github.com/temporalio/ui-server/v2 v${MODULES.ui}`);
  expect(readFileSync(asset('test-server', 'pom.xml'), 'utf8')).toContain(
    `<version>${TEST_SERVER_VERSION}</version>`,
  );
});
