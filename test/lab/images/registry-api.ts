// What the lab asks its image registry over HTTPS: whether a tag is there, and that another tag be the same image.
import { request } from 'node:https';
import { labAuthority } from '../authority.js';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

const manifests = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
];

/** Undefined: no such image or tag. */
export async function digestOf(
  registry: string,
  repository: string,
  tag: string,
): Promise<string | undefined> {
  const { status, headers } = await ask(registry, 'HEAD', `/v2/${repository}/manifests/${tag}`);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`The lab's registry answers ${status} for ${repository}:${tag}`);
  return String(headers['docker-content-digest']);
}

export async function retag(registry: string, repository: string, from: string, to: string): Promise<void> {
  const found = await ask(registry, 'GET', `/v2/${repository}/manifests/${from}`);
  const type = String(found.headers['content-type']);
  const put = await ask(registry, 'PUT', `/v2/${repository}/manifests/${to}`, { type, text: found.body });
  if (put.status !== 201) throw new Error(`The lab's registry does not tag ${repository}:${to}: ${put.body}`);
}

export async function tagsOf(registry: string, repository: string): Promise<string[]> {
  const { body } = await ask(registry, 'GET', `/v2/${repository}/tags/list`);
  return (JSON.parse(body) as { tags?: string[] | null }).tags ?? [];
}

/** What travels when a host pulls it. */
export async function compressedBytes(registry: string, repository: string, tag: string): Promise<number> {
  const { body } = await ask(registry, 'GET', `/v2/${repository}/manifests/${tag}`);
  const { layers = [] } = JSON.parse(body) as { layers?: { size: number }[] };
  return layers.reduce((sum, { size }) => sum + size, 0);
}

export function ask(
  registry: string,
  method: string,
  path: string,
  content?: { type: string; text: string },
): Promise<Answer> {
  const headers = { accept: manifests.join(', '), ...(content && { 'content-type': content.type }) };
  const options = { method, headers, ca: labAuthority().certificate, timeout: 10_000 };
  return new Promise((resolve, reject) => {
    const sent = request(`https://${registry}${path}`, options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString(),
        }),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', reject);
    sent.end(content?.text);
  });
}
