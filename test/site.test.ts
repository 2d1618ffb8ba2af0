import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../scripts/run.js';
import { projectRoot } from '../src/temporal/paths.js';
import { folder } from './secrets/folder.js';

test('the site: every page of docs/, none of them with a program in it, and no link that leads nowhere', async () => {
  const into = join(folder(), 'site');
  const script = join(projectRoot(), 'scripts', 'site.mjs');
  const made = await run(process.execPath, [script, '--into', into]);
  expect(made.stderr).toBe('');
  expect(made.code).toBe(0);
  const names = readdirSync(into, { recursive: true, encoding: 'utf8' });
  for (const page of ['index.html', 'docs/disaster.html', 'docs/adr/0001-steps-are-data.html', 'style.css'])
    expect(names).toContain(page);
  const disaster = readFileSync(join(into, 'docs/disaster.html'), 'utf8');
  expect(disaster).toContain('<a href="disaster.html" aria-current="page">The bad day</a>');
  expect(disaster).toContain('<a href="../index.html">');
  expect(disaster).not.toMatch(/<script|https?:\/\/[^"]*\.(?:css|js)"/);
});
