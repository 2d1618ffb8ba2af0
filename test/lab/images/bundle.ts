// Makes one script of a stand-in and all that it imports: its image then needs nothing but Node.
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

export function bundle(entry: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(`./${entry}`, import.meta.url))],
    ...{ bundle: true, write: false, platform: 'node', format: 'cjs', target: 'node20', charset: 'utf8' },
    ...{ legalComments: 'none', logLevel: 'silent' },
  });
  return outputFiles[0]!.text;
}
