// The page's script: bundled with the rest of dist/, or made at the start of a worker that runs from source.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../temporal/paths.js';

export async function pageScript(): Promise<string> {
  if (!import.meta.url.endsWith('.ts'))
    return readFile(join(projectRoot(), 'dist', 'page', 'main.js'), 'utf8');
  const { build } = await import('esbuild');
  const entry = fileURLToPath(new URL('./browser/main.ts', import.meta.url));
  const { outputFiles } = await build({ ...AS_BUILT, entryPoints: [entry], write: false });
  return outputFiles[0]!.text;
}

/** As scripts/build.mjs has it. */
const AS_BUILT = {
  ...({ bundle: true, minify: true, format: 'iife', platform: 'browser', target: 'es2022' } as const),
  ...({ charset: 'utf8', legalComments: 'none', logLevel: 'silent' } as const),
};
