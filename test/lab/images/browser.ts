// A headless Chromium of Debian's, and a page that draws dashboards by Grafana's component library (npm, Apache 2.0).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { must } from '../../../scripts/run.js';
import { inFolder, putFiles } from '../build.js';
import { bundle } from './bundle.js';
import { nodeBase, quietly } from './node.js';
import { install, type Recipe } from './recipe.js';

const PACKAGES = ['@grafana/ui@12.4.10', '@grafana/data@12.4.10', 'react@18.3.1', 'react-dom@18.3.1'];

const here = (name: string): string => fileURLToPath(new URL(`./browser/${name}`, import.meta.url));

const HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>dashboard</title><link rel="stylesheet" href="page.css">
<style>body { margin: 0; padding: 8px 16px; font-family: Inter, sans-serif } h1 { font-size: 18px; margin: 4px 0 10px } .no-data { padding: 20px; opacity: .6 }</style>
<div id="here"></div><script src="page.js"></script></html>
`;

const instructions = `${install('chromium-headless-shell', 'fonts-inter', 'ca-certificates')}
COPY page /page
COPY driver.cjs /driver.cjs
USER node
ENTRYPOINT ["node", "/driver.cjs"]
`;

export const browser: Recipe = {
  ...{ repository: 'clincher-browser', version: '1', from: nodeBase('24.21.0'), instructions },
  files: () => ({ 'driver.cjs': bundle('browser/driver.ts'), 'page/index.html': HTML }),
  prepare: {
    ingredients: [...PACKAGES, readFileSync(here('panels.ts'), 'utf8')],
    make: (folder) => drawnBy(join(folder, 'page')),
  },
};

/** The components are found where they were put for this once; nothing of them is in the project. */
async function drawnBy(page: string): Promise<void> {
  await inFolder(async (folder) => {
    putFiles(folder, { 'package.json': '{"private":true}' });
    await must('npm', ['install', ...PACKAGES, '--ignore-scripts', ...quietly], { cwd: folder });
    await build({
      ...{
        entryPoints: { page: here('panels.ts') },
        outdir: page,
        nodePaths: [join(folder, 'node_modules')],
      },
      ...{
        bundle: true,
        minify: true,
        format: 'iife',
        target: 'es2022',
        charset: 'utf8',
        logLevel: 'silent',
      },
      ...{
        loader: { '.svg': 'dataurl', '.ttf': 'empty' },
        define: { 'process.env.NODE_ENV': '"production"' },
      },
    });
  });
}
