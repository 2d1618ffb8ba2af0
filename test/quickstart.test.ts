// A newcomer's first command answers a gate by its name: the one that the configuration of the quickstart opens.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { computedSecrets } from '../src/config/default-secrets.js';
import { secretQuestion } from '../src/workflows/questions.js';

const script = readFileSync(fileURLToPath(new URL('../scripts/quickstart.ts', import.meta.url)), 'utf8');

it('the quickstart answers the gate that its run opens', () => {
  const { channels } = computedSecrets('lab', {}) as { channels: { telegram: { token: string } } };
  expect(/'answer', '([a-z0-9-]+)'/.exec(script)?.[1]).toBe(secretQuestion(channels.telegram.token).id);
  // A reference of its own would open a gate of another name.
  expect(script).not.toMatch(/channels:/);
});
