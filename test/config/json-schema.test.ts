import { expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/json-schema.js';

// biome-ignore lint/suspicious/noExplicitAny: a JSON Schema is looked into here and there
const schema = configJsonSchema() as any;
const server = schema.properties.servers.additionalProperties;

test('what has a default may be left out; unknown keys may not be there', () => {
  expect(schema.required).toEqual(['version', 'servers']);
  expect(server.required).toEqual(['address']);
  expect(schema.properties.defaults.required).toBeUndefined();
  expect(server.additionalProperties).toBe(false);
  expect(server.properties.ssh.additionalProperties).toBe(false);
});

test('defaults, choices, limits and descriptions are in it', () => {
  expect(server.properties.ssh.properties.port).toEqual({
    type: 'integer',
    minimum: 1,
    maximum: 65535,
    default: 9922,
    description: 'SSH port after hardening. Default 9922 (guide, Step 1).',
  });
  expect(server.properties.role.enum).toEqual(['primary', 'standby', 'monitor']);
  expect(server.properties.system.properties.sysctl.additionalProperties).toEqual({
    type: ['string', 'integer', 'null'],
  });
});

test('it is plain JSON without noise', () => {
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  expect(JSON.stringify(schema)).not.toMatch(/9007199254740991|undefined|\$ref/);
});
