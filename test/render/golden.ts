// Rendered files beside those under golden/. Files of the stack without secrets stand under test/stack/golden already.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareHost } from '../../src/render/bare-host.js';
import type { Rendered, RenderedFile } from '../../src/render/rendered.js';
import { stackFiles } from '../../src/stack/files.js';
import type { CaseName } from './servers.js';

const folderOf = (name: CaseName): string => fileURLToPath(new URL(`./golden/${name}`, import.meta.url));

/** `.env` is left out of version control everywhere, though its text is no secret here. */
const goldenName = (path: string): string => path.slice(1).replace(/\/\.env$/, '/env.txt');

/** Those of whose text nobody else keeps watch. */
export function ownFiles({ server, system, files }: Rendered): RenderedFile[] {
  const host = bareHost(system, server.ssh.first_contact);
  const watched = new Map(stackFiles(server, host).map(({ path, content }) => [path, content]));
  return files.filter(({ path, content }) => watched.get(path) !== content);
}

export function writeGolden(name: CaseName, rendered: Rendered): void {
  rmSync(folderOf(name), { recursive: true, force: true });
  for (const { path, content } of ownFiles(rendered)) {
    const file = join(folderOf(name), goldenName(path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** By path: what differs from its golden file, and what only one side has. */
export function differences(name: CaseName, rendered: Rendered): string[] {
  const files = new Map(ownFiles(rendered).map((file) => [goldenName(file.path), file.content]));
  const goldens = filesBelow(folderOf(name));
  const differing = [...files].flatMap(([path, content]) =>
    !goldens.includes(path)
      ? [`${path} has no golden file`]
      : readFileSync(join(folderOf(name), path), 'utf8') === content
        ? []
        : [`${path} differs from its golden file`],
  );
  const gone = goldens.filter((path) => !files.has(path)).map((path) => `${path} is not rendered any more`);
  return [...differing, ...gone];
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((each) => each.isFile())
    .map((each) => relative(folder, join(each.parentPath, each.name)));
}
