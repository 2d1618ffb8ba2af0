// Whatever the files of the stack hold of others' secrets can be rotated, and is looked for where the files put it.
import { describe, expect, it } from 'vitest';
import type { Server } from '../../src/model.js';
import { INTERNAL_NAMES } from '../../src/secrets/internal.js';
import { dotEnv, secretsJson } from '../../src/stack/env.js';
import { heldSecrets } from '../../src/stack/held-secrets.js';
import { serviceDefinitions } from '../../src/stack/services.js';
import { secretsIn } from '../../src/stack/tokens.js';
import { fixtureServer } from '../fixture-server.js';
import { fixtureStack } from '../fixture-stack.js';

const everything = fixtureServer(
  fixtureStack('lab', {
    channels: {
      ...{ telegram: { enabled: true }, discord: { enabled: true } },
      ...{ slack: { enabled: true }, webhook: { enabled: true } },
    },
    providers: { anthropic: {}, voyage: {}, openai: {} },
    proxy: { kind: 'tunnel', domain: 'claw.example.com' },
    openclaw: { extra_env: { WEATHER_KEY: 'secret://lab/weather', PLAIN: 'x' } },
  }),
);

const behindCaddy = fixtureServer(
  fixtureStack('lab', {
    proxy: {
      ...{ kind: 'caddy', domain: 'claw.example.com' },
      oidc: {
        enabled: true,
        issuer: 'https://id.example.com',
        client_id: 'x',
        allowed_domains: ['example.com'],
      },
    },
  }),
);

const placed = (server: Server): string[] =>
  secretsIn([dotEnv(server), secretsJson(server)])
    .filter((ref) => !INTERNAL_NAMES.some((name) => ref === `secret://${server.name}/${name}`))
    .sort();

const held = (server: Server): string[] => [...new Set(heldSecrets(server).map(({ ref }) => ref))].sort();

describe.each([
  ['every channel and a tunnel', everything],
  ['Caddy with a login', behindCaddy],
])('%s', (_, server) => {
  it('what the files hold is what can be rotated', () => {
    expect(held(server)).toEqual(placed(server));
    expect(held(server).length).toBeGreaterThan(2);
  });

  it('each is looked for where the files put it', () => {
    for (const { container, variable, field, ref } of heldSecrets(server)) {
      const service = serviceDefinitions(server).find((each) => each.container === container);
      const names = Object.keys((service?.definition['environment'] as object | undefined) ?? {});
      if (variable !== undefined) expect(names).toContain(variable);
      else expect(JSON.parse(secretsJson(server))[field ?? '']).toBe(`«${ref}»`);
    }
  });
});

it('what stands before the gateway is reached from outside', () => {
  const exposing = (server: Server) =>
    heldSecrets(server).flatMap((each) => (each.isExposing ? each.path : []));
  expect(exposing(everything)).toEqual(['proxy.tunnel_token']);
  expect(exposing(behindCaddy)).toEqual(['proxy.oidc.client_secret']);
});

it('what nothing uses cannot be rotated', () => {
  const server = fixtureServer(fixtureStack('lab', { providers: { anthropic: {}, voyage: {}, groq: {} } }));
  expect(held(server)).not.toContain('secret://lab/groq_api_key');
});
