// A small image registry over HTTP on this machine: real bytes and digests, the token dance, and bad days on demand.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

export interface RegistryServer {
  /** `127.0.0.1:port`. */
  host: string;
  /** Puts a manifest behind a tag, and returns its digest. */
  push(name: string, tag: string, manifest: object, type?: string): string;
  blob(name: string, content: object): string;
  untag(name: string, tag: string): void;
  remove(name: string, digest: string): void;
  /** Every request as `METHOD path`. */
  requests: string[];
  /** Values of `Authorization` that came, in order, `-` where none did. */
  authorizations: string[];
}

export interface Rules {
  /** `token`: a bearer token is wanted; `basic`: user and password at every request. */
  auth?: 'token' | 'basic';
  /** Base64 of user:password; without it, everybody gets a token. */
  login?: string;
  /** Answers instead of the registry; consumed one a request. */
  badDays?: { status: number; headers?: Record<string, string> }[];
  /** Where the token service is said to be. */
  realm?: string;
  /** What it claims the digest to be. */
  lie?: string;
}

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const TOKEN = 'a-token-of-the-test';

interface Stored {
  type: string;
  text: string;
}

export async function registryServer(rules: Rules = {}): Promise<RegistryServer> {
  const things = new Map<string, Stored>();
  const tags = new Map<string, string>();
  const requests: string[] = [];
  const authorizations: string[] = [];

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', `http://${host}`);
    requests.push(`${request.method} ${pathname}`);
    authorizations.push(request.headers.authorization ?? '-');
    const bad = rules.badDays?.shift();
    if (bad) response.writeHead(bad.status, bad.headers).end();
    else if (pathname === '/token') token(request, response);
    else if (!isWelcome(request)) challenge(request, response);
    else serve(request, response, pathname);
  }

  function isWelcome({ headers: { authorization } }: IncomingMessage): boolean {
    if (rules.auth === 'token') return authorization === `Bearer ${TOKEN}`;
    return rules.auth === undefined || authorization === `Basic ${rules.login}`;
  }

  function challenge(request: IncomingMessage, response: ServerResponse): void {
    const name = /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(request.url ?? '')?.[1];
    const bearer = `Bearer realm="${rules.realm ?? `http://${host}/token`}",service="test",scope="repository:${name}:pull"`;
    const wanted = rules.auth === 'basic' ? 'Basic realm="test"' : bearer;
    response.writeHead(401, { 'www-authenticate': wanted }).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
  }

  function token(request: IncomingMessage, response: ServerResponse): void {
    const { searchParams } = new URL(request.url ?? '/', `http://${host}`);
    const isAsked = searchParams.get('service') === 'test' && /:pull$/.test(searchParams.get('scope') ?? '');
    const isKnown = rules.login === undefined || request.headers.authorization === `Basic ${rules.login}`;
    if (!isAsked || !isKnown) return void response.writeHead(isAsked ? 403 : 400).end('{}');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token: TOKEN }));
  }

  function serve(request: IncomingMessage, response: ServerResponse, pathname: string): void {
    const [, name, reference] = /^\/v2\/(.+)\/(?:manifests|blobs)\/(.+)$/.exec(pathname) ?? [];
    const digest = tags.get(`${name}:${reference}`) ?? reference ?? '';
    const stored = things.get(`${name}@${digest}`);
    if (!stored || !(request.headers.accept ?? '').match(/\*\/\*|manifest/))
      return void response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    response.writeHead(200, {
      'content-type': stored.type,
      'docker-content-digest': rules.lie ?? digest,
      'content-length': Buffer.byteLength(stored.text),
    });
    response.end(request.method === 'HEAD' ? undefined : stored.text);
  }

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = (name: string, text: string, type: string): string => {
    things.set(`${name}@${sha256(text)}`, { text, type });
    return sha256(text);
  };
  return {
    host,
    requests,
    authorizations,
    push: (name, tag, manifest, type = OCI_INDEX) => {
      const digest = store(name, JSON.stringify(manifest), type);
      tags.set(`${name}:${tag}`, digest);
      return digest;
    },
    blob: (name, content) => store(name, JSON.stringify(content), 'application/octet-stream'),
    untag: (name, tag) => void tags.delete(`${name}:${tag}`),
    remove: (name, digest) => void things.delete(`${name}@${digest}`),
  };
}

/** An index for two platforms with an attestation, as buildx pushes it; `salt` makes it another one. */
export const index = (salt = ''): object => ({
  schemaVersion: 2,
  mediaType: OCI_INDEX,
  manifests: [
    { digest: sha256(`arm${salt}`), platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
    { digest: sha256(`amd${salt}`), platform: { os: 'linux', architecture: 'amd64' } },
    { digest: sha256(`att${salt}`), platform: { os: 'unknown', architecture: 'unknown' } },
  ],
});

/** Where nobody listens any more. */
export async function deafHost(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}
