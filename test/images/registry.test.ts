import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Registry } from '../../src/images/registry.js';
import { errorOf, folder } from '../secrets/folder.js';
import { deafHost, index, OCI_MANIFEST, type RegistryServer, registryServer } from './registry-server.js';

const HASTY = { timeoutMs: 1000, pausesMs: [1, 1] };
const asker = (env: NodeJS.ProcessEnv = { HOME: '/nonexistent' }): Registry => new Registry(env, HASTY);
const LOGIN = Buffer.from('me:canary-password').toString('base64');

function homeWith(config: object): NodeJS.ProcessEnv {
  const home = folder();
  mkdirSync(join(home, '.docker'));
  writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify(config));
  return { HOME: home };
}

const repository = (server: RegistryServer): string => `${server.host}/team/app`;

describe('what is there', () => {
  test('a tag, an index: digest of the bytes', async () => {
    const server = await registryServer();
    const digest = server.push('team/app', '1.2', index());
    const found = await asker().manifest(repository(server), '1.2');
    expect(found).toEqual({ digest, body: index() });
    expect(await asker().digestOf(repository(server), '1.2')).toBe(digest);
    expect(server.requests).toEqual(['GET /v2/team/app/manifests/1.2', 'HEAD /v2/team/app/manifests/1.2']);
  });

  test('no such tag: nothing, and no error', async () => {
    const server = await registryServer();
    expect(await asker().manifest(repository(server), '9')).toBeUndefined();
    expect(await asker().digestOf(repository(server), '9')).toBeUndefined();
  });

  test('contents that are not those of the digest are refused', async () => {
    const server = await registryServer({ lie: `sha256:${'0'.repeat(64)}` });
    server.push('team/app', '1', index());
    const error = await errorOf(asker().manifest(repository(server), '1'));
    expect(error).toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
    expect(error.message).toContain('not those of their digest');
  });

  test('a kind of manifest that cannot be pinned is refused', async () => {
    const server = await registryServer();
    server.push('team/app', '1', {}, 'application/vnd.docker.distribution.manifest.v1+prettyjws');
    expect((await errorOf(asker().manifest(repository(server), '1'))).message).toContain('v1+prettyjws');
  });
});

describe('the token dance', () => {
  test('everybody gets a token, once for all questions about an image', async () => {
    const server = await registryServer({ auth: 'token' });
    const digest = server.push('team/app', '1', index(), OCI_MANIFEST);
    const registry = asker();
    expect((await registry.manifest(repository(server), '1'))?.digest).toBe(digest);
    expect(await registry.digestOf(repository(server), digest)).toBe(digest);
    expect(server.requests.filter((line) => line === 'GET /token')).toHaveLength(1);
  });

  test('with the login of docker login; its password is in no error', async () => {
    const server = await registryServer({ auth: 'token', login: LOGIN });
    const digest = server.push('team/app', '1', index());
    const env = homeWith({ auths: { [`https://${server.host}/v2/`]: { auth: LOGIN } } });
    expect((await asker(env).manifest(repository(server), '1'))?.digest).toBe(digest);
    const wrong = homeWith({ auths: { [server.host]: { username: 'me', password: 'canary-other' } } });
    const error = await errorOf(asker(wrong).manifest(repository(server), '1'));
    expect(error).toMatchObject({ code: 'REGISTRY_REFUSED', exitCode: 2 });
    expect(JSON.stringify([error.message, error.evidence, error.remedy])).not.toMatch(/canary/);
    expect(error.remedy[0]).toBe(`docker login ${server.host}`);
  });

  test('without a login where one is wanted', async () => {
    const server = await registryServer({ auth: 'token', login: LOGIN });
    const error = await errorOf(asker().manifest(repository(server), '1'));
    expect(error.message).toBe(`${server.host} refuses team/app: it is private, or does not exist.`);
  });

  test('basic', async () => {
    const server = await registryServer({ auth: 'basic', login: LOGIN });
    const digest = server.push('team/app', '1', index());
    const env = homeWith({ auths: { [server.host]: { auth: LOGIN } } });
    expect((await asker(env).manifest(repository(server), '1'))?.digest).toBe(digest);
    expect(await errorOf(asker().manifest(repository(server), '1'))).toMatchObject({
      code: 'REGISTRY_REFUSED',
    });
  });

  test('credentials of another registry stay at home', async () => {
    const server = await registryServer({ auth: 'token' });
    server.push('team/app', '1', index());
    const env = homeWith({
      auths: { 'ghcr.io': { auth: LOGIN }, 'https://index.docker.io/v1/': { auth: LOGIN } },
    });
    await asker(env).manifest(repository(server), '1');
    expect(server.authorizations.join()).not.toContain('Basic');
  });

  test('a token service that is not https gets nothing', async () => {
    const server = await registryServer({ auth: 'token', realm: 'http://203.0.113.9/token' });
    const error = await errorOf(asker().manifest(repository(server), '1'));
    expect(error.message).toContain('a token service that is not https');
    expect(server.requests).toHaveLength(1);
  });
});

describe('bad days', () => {
  test.each([[429], [503]])('%i passes: asked again', async (status) => {
    const server = await registryServer({ badDays: [{ status }, { status }] });
    const digest = server.push('team/app', '1', index());
    expect((await asker().manifest(repository(server), '1'))?.digest).toBe(digest);
    expect(server.requests).toHaveLength(3);
  });

  test('429 that stays says how long to wait', async () => {
    const day = { status: 429, headers: { 'retry-after': '3600' } };
    const server = await registryServer({ badDays: [day, day, day] });
    const error = await errorOf(asker().manifest(repository(server), '1'));
    expect(error).toMatchObject({ code: 'REGISTRY_UNREACHABLE', exitCode: 1 });
    expect(error.message).toBe(`${server.host} limits how often it is asked (429; it asks to wait 3600 s).`);
  });

  test('500 that stays', async () => {
    const server = await registryServer({ badDays: [{ status: 500 }, { status: 502 }, { status: 500 }] });
    expect((await errorOf(asker().digestOf(repository(server), '1'))).message).toBe(
      `${server.host} answers 500.`,
    );
  });

  test('nobody listens', async () => {
    const host = await deafHost();
    const error = await errorOf(asker().manifest(`${host}/team/app`, '1'));
    expect(error).toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
    expect(error.message).toBe(`${host}: no answer (ECONNREFUSED).`);
  });

  test('it listens and says nothing', async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close().closeAllConnections());
    const { port } = server.address() as AddressInfo;
    const registry = new Registry({}, { timeoutMs: 100, pausesMs: [] });
    expect((await errorOf(registry.manifest(`127.0.0.1:${port}/a/b`, '1'))).message).toContain(
      'nothing came in time',
    );
  });
});
