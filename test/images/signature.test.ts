import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scanImages } from '../../src/images/scan.js';
import { COSIGN_MISSING, signatureOf } from '../../src/images/signature.js';
import { folder } from '../secrets/folder.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OPENCLAW = 'ghcr.io/openclaw/openclaw';

/** A stand-in of that name that writes down its words; the real one needs the world's transparency log. */
function standIn(name: string, script: string): { env: NodeJS.ProcessEnv; words: () => string[] } {
  const bin = folder();
  writeFileSync(join(bin, name), `#!/bin/sh\nprintf '%s\\n' "$@" > ${bin}/words\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
  return {
    env: { PATH: `${bin}:/usr/bin:/bin` },
    words: () => readFileSync(join(bin, 'words'), 'utf8').trim().split('\n'),
  };
}

describe('cosign', () => {
  test.each([
    ['exit 0', 'verified'],
    ["echo 'Error: no signatures found' >&2; exit 10", 'unsigned'],
    [
      "echo 'Error: no matching signatures' >&2; exit 12",
      'refused: no signature by ^https://github\\.com/openclaw/',
    ],
    [
      "echo 'Error: getting Rekor keys: no route' >&2; exit 1",
      'not checked: Error: getting Rekor keys: no route',
    ],
    ['kill -9 $$', 'not checked: no word of why'],
  ])('%s: %s', async (script, verdict) =>
    expect(await signatureOf(OPENCLAW, DIGEST, standIn('cosign', script).env)).toBe(verdict),
  );

  test('is asked about the digest, for a workflow of the project itself', async () => {
    const { env, words } = standIn('cosign', 'exit 0');
    await signatureOf(OPENCLAW, DIGEST, env);
    const [verb, , identity, , issuer, image] = words();
    expect([verb, image]).toEqual(['verify', `${OPENCLAW}@${DIGEST}`]);
    expect(issuer).toBe('https://token.actions.githubusercontent.com');
    const by = new RegExp(identity ?? '');
    expect(by.test('https://github.com/openclaw/openclaw/.github/workflows/x.yml@refs/tags/v1')).toBe(true);
    expect(by.test('https://github.com/evil/openclaw/.github/workflows/x.yml@refs/tags/v1')).toBe(false);
  });

  test('not installed, and not asked for', async () => {
    expect(await signatureOf(OPENCLAW, DIGEST, { PATH: folder() })).toBe(COSIGN_MISSING);
    expect(await signatureOf('caddy', DIGEST, { PATH: folder() })).toBeUndefined();
  });
});

describe('trivy', () => {
  const image = { key: 'caddy:2', repository: 'caddy', tag: '2', pins: [], uses: [] };
  const locked = [{ image, state: 'ok' as const, entry: { digest: DIGEST, resolved: '', platforms: [] } }];

  test('holes are counted', async () => {
    const holes = (...found: string[]) => ({ Vulnerabilities: found.map((Severity) => ({ Severity })) });
    const report = { Results: [holes('HIGH', 'CRITICAL'), holes('HIGH'), { Target: 'clean' }] };
    const { env, words } = standIn('trivy', `echo '${JSON.stringify(report)}'`);
    expect(await scanImages(locked, env)).toEqual([{ image: 'caddy:2', holes: { critical: 1, high: 2 } }]);
    expect(words().at(-1)).toBe(`caddy@${DIGEST}`);
  });

  test('an answer that makes no sense is no clean bill; nor is a failure, nor no scanner', async () => {
    const said = async (script: string) => scanImages(locked, standIn('trivy', script).env);
    expect(await said('echo hello')).toEqual([
      { image: 'caddy:2', reason: 'trivy answers something that is no report' },
    ]);
    expect(await said('echo no database >&2; exit 1')).toEqual([{ image: 'caddy:2', reason: 'no database' }]);
    expect(await scanImages(locked, { PATH: folder() })).toBeUndefined();
  });
});
