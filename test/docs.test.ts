import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages } from '../scripts/reference.js';
import { projectRoot } from '../src/temporal/paths.js';

describe('reference pages are what the code says (npm run docs)', () => {
  it.each(Object.entries(pages()))('%s', (name, text) =>
    expect(readFileSync(join(projectRoot(), 'docs', name), 'utf8')).toBe(text),
  );
});
