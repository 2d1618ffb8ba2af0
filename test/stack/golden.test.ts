import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stackFiles } from '../../src/stack/files.js';
import { servers } from './servers.js';

const root = fileURLToPath(new URL('./golden', import.meta.url));
const isWriting = process.env['CLINCHER_GOLDEN'] === 'write';

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((each) => each.isFile())
    .map((each) => relative(folder, join(each.parentPath, each.name)));
}

/** `.env` is left out of version control everywhere, though its text is no secret here; a script would be linted. */
const goldenName = (path: string): string =>
  path === '.env' ? 'env.txt' : path.replace(/\.mjs$/, '.mjs.txt');

describe.each(Object.entries(servers))('the files of a server that is %s', (name, server) => {
  const folder = join(root, name);
  const files = stackFiles(server).map((file) => ({
    ...file,
    name: goldenName(relative(server.stack.directory, file.path)),
  }));
  if (isWriting) {
    rmSync(folder, { recursive: true, force: true });
    for (const file of files) {
      mkdirSync(dirname(join(folder, file.name)), { recursive: true });
      writeFileSync(join(folder, file.name), file.content);
    }
  }
  it('are those that golden/ has', () => {
    expect(files.map((file) => file.name).sort()).toEqual(filesBelow(folder).sort());
  });
  it.each(files)('$name', ({ name: path, content }) => {
    expect(content).toBe(readFileSync(join(folder, path), 'utf8'));
  });
});
