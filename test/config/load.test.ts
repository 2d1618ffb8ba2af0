import { expect, test } from 'vitest';
import { resolveServer, serverNames } from '../../src/config/load.js';
import { load, MINIMAL } from './fixture.js';

test('an address, a key and an admin address are enough', () => {
  const config = load(MINIMAL);
  expect(serverNames(config)).toEqual(['prod']);
  expect(resolveServer(config, 'prod')).toMatchObject({ name: 'prod', ssh: { user: 'deploy', port: 9922 } });
});
