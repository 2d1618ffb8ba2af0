// Asks image registries (OCI distribution, v2) what stands behind a tag or digest. It reads, and never writes.
import { createHash } from 'node:crypto';
import { ClincherError } from '../errors.js';
import { isLoopback, type RegistryAddress, registryAddress } from './address.js';
import { type Challenge, parseChallenge } from './challenge.js';
import { type Credentials, credentialsFor } from './credentials.js';
import { type HttpAnswer, type HttpPatience, PATIENCE, send } from './http.js';
import { ACCEPT, isKnownType } from './manifest.js';

export interface Manifest {
  /** Computed from the bytes that came, never only believed. */
  digest: string;
  body: unknown;
}

export class Registry {
  /** `Authorization` headers by image; one login serves all questions about it. */
  readonly #authorizations = new Map<string, string>();

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly patience: HttpPatience = PATIENCE,
  ) {}

  /** `reference` is a tag or a digest; nothing when there is none such. */
  async manifest(repository: string, reference: string): Promise<Manifest | undefined> {
    const address = registryAddress(repository);
    const answer = await this.#ask(address, 'GET', `manifests/${reference}`, ACCEPT);
    if (answer.status === 404) return undefined;
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    if (!isKnownType(type))
      throw nonsense(address, `a manifest of the kind "${printable(type)}", which Docker cannot pin`);
    const digest = sha256(answer.body);
    const claims = [answer.headers.get('docker-content-digest'), isDigest(reference) ? reference : null];
    if (claims.some((claim) => claim !== null && claim !== digest))
      throw nonsense(address, `contents of ${repository} that are not those of their digest`);
    return { digest, body: parsed(address, answer) };
  }

  /** Costs no pull of the registry's quota, where there is one. */
  async digestOf(repository: string, reference: string): Promise<string | undefined> {
    const answer = await this.#ask(registryAddress(repository), 'HEAD', `manifests/${reference}`, ACCEPT);
    if (answer.status === 404) return undefined;
    const digest = answer.headers.get('docker-content-digest');
    return digest !== null && isDigest(digest)
      ? digest
      : (await this.manifest(repository, reference))?.digest;
  }

  async blob(repository: string, digest: string): Promise<unknown> {
    const address = registryAddress(repository);
    const answer = await this.#ask(address, 'GET', `blobs/${digest}`, '*/*');
    return answer.status === 404 ? undefined : parsed(address, answer);
  }

  async #ask(address: RegistryAddress, method: 'GET' | 'HEAD', path: string, accept: string) {
    const url = `${address.origin}/v2/${address.name}/${path}`;
    const key = `${address.origin}/${address.name}`;
    const ask = (): Promise<HttpAnswer> => {
      const authorization = this.#authorizations.get(key);
      const headers = { accept, ...(authorization === undefined ? {} : { authorization }) };
      return send({ method, url, headers }, this.patience);
    };
    let answer = await ask();
    if (answer.status === 401) {
      const challenge = parseChallenge(answer.headers.get('www-authenticate') ?? '');
      if (challenge === undefined) throw nonsense(address, '401 without saying what it wants');
      this.#authorizations.set(key, await this.#authorize(address, challenge));
      answer = await ask();
    }
    if (answer.status === 401 || answer.status === 403) throw refused(address);
    if (answer.status !== 200 && answer.status !== 404) throw nonsense(address, `${answer.status}`);
    return answer;
  }

  async #authorize(address: RegistryAddress, challenge: Challenge): Promise<string> {
    const credentials = credentialsFor(address.registry, this.env);
    if (challenge.scheme === 'bearer') return `Bearer ${await this.#token(address, challenge, credentials)}`;
    if (credentials === undefined) throw refused(address);
    return `Basic ${credentials}`;
  }

  async #token(
    address: RegistryAddress,
    { realm, query }: Extract<Challenge, { scheme: 'bearer' }>,
    credentials: Credentials | undefined,
  ): Promise<string> {
    const url = tokenUrl(address, realm, query);
    const headers = credentials === undefined ? {} : { authorization: `Basic ${credentials}` };
    const answer = await send({ method: 'GET', url, headers }, this.patience);
    if ([400, 401, 403, 404].includes(answer.status)) throw refused(address);
    if (answer.status !== 200) throw nonsense(address, `${answer.status} instead of a token`);
    const { token, access_token } = parsed(address, answer) as Record<string, unknown>;
    const given = token ?? access_token;
    if (typeof given !== 'string' || !/^[\x21-\x7e]+$/.test(given)) throw nonsense(address, 'no token');
    return given;
  }
}

/** Credentials go there, so it is as safe as the registry itself: never plain HTTP but on this machine. */
function tokenUrl(address: RegistryAddress, realm: string, query: URLSearchParams): string {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  const isHere = url?.protocol === 'http:' && isLoopback(url.hostname) && address.origin.startsWith('http:');
  if (url === undefined || (url.protocol !== 'https:' && !isHere))
    throw nonsense(address, 'a token service that is not https');
  for (const [name, value] of query) url.searchParams.set(name, value);
  return url.href;
}

const isDigest = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text);
const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);

function parsed(address: RegistryAddress, { body }: HttpAnswer): unknown {
  try {
    const value: unknown = JSON.parse(body.toString());
    if (typeof value === 'object' && value !== null) return value;
  } catch {}
  throw nonsense(address, 'something that is no JSON');
}

const nonsense = ({ registry }: RegistryAddress, what: string): ClincherError =>
  new ClincherError('REGISTRY_UNREACHABLE', `${registry} answers ${what}.`);

const refused = ({ registry, name }: RegistryAddress): ClincherError =>
  new ClincherError('REGISTRY_REFUSED', `${registry} refuses ${name}: it is private, or does not exist.`, {
    remedy: [`docker login ${registry}`, 'edit stack.images in clincher.yaml'],
  });
