// A configuration whose images are at a registry of the test, and that registry filled with them.
import { lockText } from '../../src/images/lock-file.js';
import { imageKey, imageTag } from '../../src/stack/images.js';
import { DEFAULTS } from '../config/fixture.js';
import { fixtureStack } from '../fixture-stack.js';
import { index, type RegistryServer } from './registry-server.js';

export const IMAGES = {
  openclaw: ['openclaw/openclaw', '2026.3.13'],
  litellm: ['berriai/litellm', 'main-v1.81.3-stable'],
  redis: ['redis/redis-stack-server', '7.4.0-v3'],
  'docker-socket-proxy': ['tecnativa/docker-socket-proxy', 'v0.4.2'],
} as const;

export type Stacked = keyof typeof IMAGES;
const NAMES = Object.keys(IMAGES) as Stacked[];

/** `versions` replaces tags. Line 9 is the version of openclaw, each next image three lines further. */
export function configAt(host: string, versions: Partial<Record<Stacked, string>> = {}): string {
  const images = NAMES.flatMap((name) => [
    `      ${name}:`,
    `        repository: ${host}/${IMAGES[name][0]}`,
    `        version: ${versions[name] ?? IMAGES[name][1]}`,
  ]);
  const lines = [
    '  proxy: { kind: none }',
    '  openclaw: { sandbox: "off" }',
    '  stack:',
    '    images:',
    ...images,
  ];
  return `${DEFAULTS}${lines.join('\n')}\nservers:\n  prod:\n    address: 203.0.113.7\n  spare:\n    address: 203.0.113.8\n    role: standby\n`;
}

/** Digests by image. */
export function fill(server: RegistryServer): Record<Stacked, string> {
  const pushed = NAMES.map((name) => [name, server.push(IMAGES[name][0], IMAGES[name][1], index(name))]);
  return Object.fromEntries(pushed) as Record<Stacked, string>;
}

/** A lock with an invented digest for every image that a configuration has by default: nothing is asked of the world. */
export function defaultLock(): string {
  const images = Object.values(fixtureStack('prod').stack.images);
  const entry = { digest: `sha256:${'d'.repeat(64)}`, resolved: '2026-11-22T12:00:00Z', platforms: [] };
  return lockText(Object.fromEntries(images.map((image) => [imageKey(imageTag(image)), entry])));
}
