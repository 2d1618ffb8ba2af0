// `npm run docs`: writes the reference pages from the code they describe; test/docs.test.ts holds them to it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../src/temporal/paths.js';
import { pages } from './reference.js';

for (const [name, text] of Object.entries(pages())) writeFileSync(join(projectRoot(), 'docs', name), text);
