import { describe, expect, test } from 'vitest';
import { ClincherError } from '../../src/errors.js';
import { goMinor } from '../../src/temporal/go-build.js';
import { parseServerVersion } from '../../src/temporal/local-cli.js';
import { findServer, type LocalSource, type Seams } from '../../src/temporal/server-source.js';

const cli: LocalSource = { kind: 'cli', path: '/usr/bin/temporal', version: '1.29.1' };
const modules: LocalSource = { kind: 'modules', server: '/c/server', ui: '/c/ui', version: '1.32.0' };
const profile = { address: 'far:7233', namespace: 'ops', connectionOptions: {}, source: 'TEMPORAL_ADDRESS' };

function seams(found: Partial<Seams>): Seams & { asked: string[] } {
  const asked: string[] = [];
  const look = (name: keyof Seams) => async () => {
    asked.push(name);
    return (await found[name]?.(() => {})) ?? `no ${name}`;
  };
  return {
    asked,
    external: async () => found.external?.(),
    kept: look('kept') as Seams['kept'],
    onPath: look('onPath') as Seams['onPath'],
    cached: look('cached') as Seams['cached'],
    download: look('download') as Seams['download'],
    build: look('build') as Seams['build'],
  };
}

async function taken(found: Partial<Seams>) {
  const all = seams(found);
  const said: string[] = [];
  const source = await findServer((line) => said.push(line), all);
  return { source, said, asked: all.asked };
}

describe('where the server comes from', () => {
  test('a configured Temporal wins, and nothing else is looked for', async () => {
    const { source, said, asked } = await taken({ external: async () => profile, onPath: async () => cli });
    expect(source).toMatchObject({ kind: 'external', address: 'far:7233', namespace: 'ops' });
    expect(asked).toEqual([]);
    expect(said).toEqual(['Temporal: far:7233, namespace ops (TEMPORAL_ADDRESS).']);
  });

  test('what this folder ran before stays, since its histories belong to that version', async () => {
    const { source, asked } = await taken({ kept: async () => modules, onPath: async () => cli });
    expect(source).toBe(modules);
    expect(asked).toEqual(['kept']);
  });

  test.each([
    ['onPath', 'found on PATH'],
    ['cached', 'from the cache'],
    ['download', 'downloaded by the SDK'],
    ['build', 'built from its Go modules'],
  ] as const)('%s comes after all before it, and is named', async (name, words) => {
    const { source, said, asked } = await taken({ [name]: async () => modules });
    expect(source).toBe(modules);
    expect(asked).toEqual(['kept', 'onPath', 'cached', 'download', 'build'].slice(0, asked.length));
    expect(asked.at(-1)).toBe(name);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`server 1.32.0, ${words}`);
  });

  test('nothing at all: every reason, and what to install', async () => {
    const failure = await taken({ kept: async () => '' }).catch((error) => error as ClincherError);
    expect(failure).toBeInstanceOf(ClincherError);
    expect(failure).toMatchObject({
      code: 'TEMPORAL_NOT_AVAILABLE',
      evidence: ['no onPath', 'no cached', 'no download', 'no build'],
    });
    expect((failure as ClincherError).remedy.join('\n')).toMatch(
      /temporal CLI[\s\S]*Go 1\.26[\s\S]*TEMPORAL_ADDRESS/,
    );
  });
});

test('a server version is read from what the CLI says', () => {
  expect(parseServerVersion('temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)\n')).toBe('1.29.1');
  expect(parseServerVersion('temporal version 0.1.0')).toBeUndefined();
});

test('a Go version is read from what Go says', () => {
  expect(goMinor('go version go1.26.8 linux/amd64')).toBe(26);
  expect(goMinor('go version go1.19 darwin/arm64')).toBe(19);
  expect(goMinor('command not found')).toBeUndefined();
});
