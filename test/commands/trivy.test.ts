// The very script, against programs that answer as trivy does, and on a machine that has none.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { holesIn } from '../../src/commands/trivy.js';

let folder: string;
const IMAGE = 'ghcr.io/openclaw/openclaw:2026.3.13@sha256:ab';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trivy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What is found first may be a script that looks for the real one. */
const PYTHON = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
}).stdout.trim();

/** Nothing but Python and, where it is given, this trivy. */
function scanned(trivy?: string) {
  symlinkSync(PYTHON, join(folder, 'python3'));
  if (trivy !== undefined) {
    writeFileSync(join(folder, 'trivy'), `#!/bin/sh\n${trivy}\n`);
    chmodSync(join(folder, 'trivy'), 0o755);
  }
  const fact = holesIn(IMAGE);
  const [name = '', ...words] = fact.read.map(String);
  const done = spawnSync(name, words, { encoding: 'utf8', env: { PATH: folder } });
  return fact.parse({ stdout: done.stdout, stderr: done.stderr, exitCode: done.status ?? 1 });
}

const hole = (VulnerabilityID: string, Severity: string, FixedVersion?: string) => ({
  ...{ VulnerabilityID, Severity, PkgName: 'openssl', InstalledVersion: '3.0.1' },
  ...(FixedVersion ? { FixedVersion } : {}),
});
const report = (...Vulnerabilities: object[]): string =>
  `/bin/cat <<'X'\n${JSON.stringify({ Results: [{ Vulnerabilities }, { Vulnerabilities: null }, {}] })}\nX`;

it('critical ones by name, each once; high ones by number', () =>
  expect(
    scanned(
      report(
        hole('CVE-2', 'CRITICAL'),
        hole('CVE-1', 'CRITICAL', '3.0.2'),
        hole('CVE-2', 'CRITICAL'),
        hole('CVE-3', 'HIGH'),
      ),
    ),
  ).toEqual({
    critical: ['CVE-1 in openssl 3.0.1, mended in 3.0.2', 'CVE-2 in openssl 3.0.1, not mended yet'],
    high: 1,
  }));
it('a sound image', () => expect(scanned(report())).toEqual({ critical: [], high: 0 }));
it('is asked for exactly what runs', () =>
  expect(() => scanned(`[ "$9" = "${IMAGE}" ] && exit 1; echo "$@"; exit 0`)).toThrow());
it('no trivy: nobody has looked', () => expect(scanned()).toBeNull());
it.each([
  [
    'a database that cannot be fetched',
    'echo "FATAL failed to download vulnerability DB" >&2; exit 1',
    /download/,
  ],
  ['no word of why', 'exit 3', /ended with 3/],
  ['no report', 'echo hello', /JSON/],
])('%s is no sound image', (_, trivy, why) => expect(() => scanned(trivy)).toThrow(why));
