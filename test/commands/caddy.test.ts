// What a real Caddy 2 makes of our Caddyfile (caddy.adapted.json is its own answer), and what it says of a broken one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { effective } from '../../src/commands/caddy.js';
import { answer } from './answer.js';

const adapted = readFileSync(join(import.meta.dirname, 'caddy.adapted.json'), 'utf8');
const { parse } = effective('openclaw-caddy');

it('tells sites, upstreams, headers and who signs', () => {
  const { hasAdmin, sites, issuers } = parse(answer(adapted));
  expect({ hasAdmin, issuers }).toEqual({ hasAdmin: false, issuers: ['internal'] });
  const [health, web] = sites;
  expect(health).toMatchObject({ listen: ['127.0.0.1:2020'], hosts: ['127.0.0.1'], upstreams: [] });
  expect(web).toMatchObject({
    listen: [':443'],
    hosts: ['claw.example.com'],
    upstreams: ['172.16.253.2:18789'],
    removed: ['server', 'via'],
    told: { 'x-forwarded-for': '{http.request.remote.host}' },
  });
  expect(web?.headers['strict-transport-security']).toBe('max-age=31536000');
});

it('an admin interface that nobody switched off is on', () => {
  expect(parse(answer('{"apps":{}}'))).toEqual({ hasAdmin: true, sites: [], issuers: [] });
});

it('a file that Caddy does not take is unknown, in its own words', () => {
  const said =
    '{"level":"info","msg":"using config from file"}\nError: adapting config using caddyfile: /b:2: unrecognized directive: nonsense\n';
  expect(() => parse(answer('', 1, said))).toThrow('unrecognized directive: nonsense');
});
