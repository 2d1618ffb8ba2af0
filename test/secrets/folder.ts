// A folder of its own for each test, with a vault that does not exist yet.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ClincherError } from '../../src/errors.js';
import type { VaultLocation } from '../../src/secrets/vault.js';

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'clincher-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function location(at = folder()): VaultLocation {
  return { vault: join(at, 'clincher.vault.age'), identity: join(at, 'home', 'identity.txt') };
}

export async function errorOf(work: Promise<unknown>): Promise<ClincherError> {
  return work.then(
    () => {
      throw new Error('should have failed');
    },
    (error: ClincherError) => error,
  );
}
