// A server with two partitions, as clincher.yaml would make it.
import { computedSecrets } from '../src/config/default-secrets.js';
import { deepMerge } from '../src/config/merge.js';
import { serverSchema } from '../src/config/schema.js';
import type { Server } from '../src/model.js';
import { type Overrides, server } from './steps/fixture.js';

const written = {
  team: { proxy_subnet: '172.16.253.16/28', rules: ['Answer members of the team alone.'] },
  lab: { proxy_subnet: '172.16.253.32/28' },
};

export function partitioned(overrides: Overrides = {}, partitions: object = written): Server {
  const base = server(overrides);
  const value = deepMerge(computedSecrets(base.name, { partitions }), { address: base.address, partitions });
  return { ...base, partitions: serverSchema().parse(value).partitions };
}
