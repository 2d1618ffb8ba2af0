// Pinning images at a real registry over TLS with an authority of its own: lock, a moved tag, contents that are gone.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliResult, startCli } from '../e2e/cli.js';
import { configAt, IMAGES, type Stacked } from '../images/config.js';
import { labAuthority } from '../lab/authority.js';
import { docker } from '../lab/docker.js';
import { ensureRegistry } from '../lab/images/registry.js';
import { ask, digestOf } from '../lab/images/registry-api.js';
import { pushTiny } from '../lab/images/tiny.js';

/** Always the same: a registry keeps the name of a repository for ever, even when nothing is in it. */
const owner = 'pins';
const folder = mkdtempSync(join(tmpdir(), 'clincher-pins-'));
const config = join(folder, 'clincher.yaml');
const lock = (): string => readFileSync(join(folder, 'clincher.lock.yaml'), 'utf8');
let registry: string;

const nameOf = (image: Stacked): string => `${owner}/${IMAGES[image][0]}`;

const push = (image: Stacked, word: string): Promise<string> =>
  pushTiny(registry, nameOf(image), IMAGES[image][1], word);

const digests = {} as Record<Stacked, string>;

beforeAll(async () => {
  registry = await ensureRegistry((line) => void process.stderr.write(`${line}\n`));
  for (const image of Object.keys(IMAGES) as Stacked[]) digests[image] = await push(image, image);
  writeFileSync(config, configAt(`${registry}/${owner}`));
});
afterAll(async () => {
  for (const image of Object.keys(IMAGES) as Stacked[])
    await ask(
      registry,
      'DELETE',
      `/v2/${nameOf(image)}/manifests/${await digestOf(registry, nameOf(image), IMAGES[image][1])}`,
    );
  rmSync(folder, { recursive: true, force: true });
});

const trust = { NODE_EXTRA_CA_CERTS: labAuthority().file };
const clincher = (words: string[], env: Record<string, string> = trust): Promise<CliResult> =>
  startCli(['images', ...words], { HOME: folder, NODE_EXTRA_CA_CERTS: '', ...env }, folder).ended;

interface Found {
  images: {
    image: string;
    state?: string;
    action?: string;
    digest: string;
    tagDigest?: string;
    platforms?: string[];
  }[];
}
const one = ({ stdout }: CliResult, image: Stacked) =>
  (JSON.parse(stdout) as Found).images.find((each) => each.image.includes(`/${IMAGES[image][0]}:`));

test('an authority that Node does not know: said, with the way out; nothing is written', async () => {
  const { code, stderr } = await clincher(['lock'], {});
  expect(code, stderr).toBe(1);
  expect(stderr).toMatch(/clincher\.yaml:\d+:\d+ .*its certificate is not trusted \(\w+\)/);
  expect(stderr).toContain('NODE_EXTRA_CA_CERTS=');
  expect(() => lock()).toThrow();
});

test('lock: the digests that Docker pushed, and the platform of a single image', async () => {
  const seen = await clincher(['lock', '--json']);
  expect(seen.code, seen.stderr).toBe(0);
  for (const image of Object.keys(IMAGES) as Stacked[])
    expect(one(seen, image)).toMatchObject({
      action: 'locked',
      digest: digests[image],
      platforms: [`linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`],
    });
  expect((await clincher(['check'])).code).toBe(0);
});

test('Docker pulls what is locked', async () => {
  const pinned = `${registry}/${nameOf('redis')}:${IMAGES.redis[1]}@${digests.redis}`;
  await docker(['pull', '-q', pinned]);
  const found = await docker(['image', 'inspect', '--format', '{{index .RepoDigests 0}}', pinned]);
  expect(found.trim()).toBe(`${registry}/${nameOf('redis')}@${digests.redis}`);
  await docker(['rmi', pinned]);
});

test('a tag that was moved, then contents that are gone', async () => {
  const moved = await push('redis', 'moved');
  expect(moved).not.toBe(digests.redis);
  const seen = await clincher(['check', '--json']);
  expect(seen.code).toBe(0);
  expect(one(seen, 'redis')).toMatchObject({ state: 'moved', digest: digests.redis, tagDigest: moved });
  await ask(registry, 'DELETE', `/v2/${nameOf('redis')}/manifests/${digests.redis}`);
  const gone = await clincher(['check', '--json']);
  expect([gone.code, one(gone, 'redis')?.state]).toEqual([3, 'gone']);
  expect((await clincher(['lock', '--upgrade'])).stdout).toContain('changed');
  expect(lock()).toContain(moved);
  expect((await clincher(['check'])).code).toBe(0);
});

test('a tag that does not exist: its line; nobody who listens: another code', async () => {
  writeFileSync(config, configAt(`${registry}/${owner}`, { litellm: 'nothing' }));
  const missing = await clincher(['lock']);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toMatch(/clincher\.yaml:15:18 .* has no tag nothing of pins\/berriai\/litellm/);
  writeFileSync(config, configAt(`10.66.0.3:5999/${owner}`));
  const down = await clincher(['lock']);
  expect(down.code).toBe(1);
  expect(down.stderr).toMatch(/10\.66\.0\.3:5999: no answer \(ECONNREFUSED\)/);
});
