// One commit over real HTTPS from git's own server: by its number where nothing else points at it, and from nobody with a wrong key.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pinStore } from '../../src/pins/library.js';
import { type Repository, repository } from './repository.js';

const SKILL = '---\nname: review\ndescription: Reviews.\n---\n# Review\n';

let repo: Repository;
let folder: string;
let server: Server;
let wanted: string;

const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clincher-https-'));
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', at('key')];
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...key, '-out', at('crt'), ...subject], {
    stdio: 'pipe',
  });
  repo = repository();
  wanted = repo.commit({ 'skills/review/SKILL.md': SKILL });
  repo.commit({ 'skills/review/SKILL.md': `${SKILL}More.\n` });
  server = createServer({ key: readFileSync(at('key')), cert: readFileSync(at('crt')) }, serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  repo.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** CGI: what git's backend says is a head of lines and a body. */
const serve: Parameters<typeof createServer>[1] = (request, response) => {
  const { pathname, search } = new URL(request.url ?? '/', 'https://x');
  const env = {
    PATH: process.env['PATH'],
    GIT_PROJECT_ROOT: repo.path,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    PATH_INFO: pathname.replace(/^\/skills/, '/.git'),
    QUERY_STRING: search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    HTTP_GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
  };
  const backend = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  request.pipe(backend.stdin);
  const said: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  backend.on('close', () => {
    const all = Buffer.concat(said);
    const end = all.indexOf('\r\n\r\n');
    const heads = all.subarray(0, end).toString().split('\r\n');
    for (const head of heads) response.setHeader(head.split(': ')[0] ?? '', head.split(': ')[1] ?? '');
    response.statusCode = Number(/^Status: (\d+)/m.exec(heads.join('\n'))?.[1] ?? 200);
    response.end(all.subarray(end + 4));
  });
};

const pin = (commit: string) => ({
  ...{ kind: 'skill' as const, name: 'review', commit, path: 'skills/review', executables: false },
  source: `https://127.0.0.1:${(server.address() as AddressInfo).port}/skills`,
});

it('an older commit is fetched by its number', async () => {
  const store = pinStore({ folder: at('pins'), env: { ...process.env, GIT_SSL_CAINFO: at('crt') } });
  const { files } = await store.content(pin(wanted));
  expect(files).toEqual([{ path: 'SKILL.md', content: SKILL, isExecutable: false }]);
  await expect(store.content(pin('0123456789'.repeat(4)))).rejects.toMatchObject({ code: 'PIN_INVALID' });
});

it('a server whose certificate nobody vouches for gives nothing', async () => {
  const { GIT_SSL_CAINFO: _, NODE_EXTRA_CA_CERTS: __, ...env } = process.env;
  const store = pinStore({ folder: at('others'), env });
  await expect(store.content(pin(wanted))).rejects.toMatchObject({
    code: 'SOURCE_UNREACHABLE',
    message: expect.stringMatching(/certificate/i),
  });
});
