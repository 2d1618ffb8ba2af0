// Builds dist/: the command line, the worker, the supervisor, and the workflows bundled ahead. `npm run build`, `npm pack`.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { access, chmod, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Made aside and then put in place: a worker that runs meanwhile never sees half a build. */
const fresh = join(root, '.cache', `dist-${process.pid}`);
const into = process.argv.indexOf('--into');
const dist = join(root, into === -1 ? 'dist' : process.argv[into + 1]);
const at = (...names) => join(root, ...names);
const exists = (path) =>
  access(path).then(
    () => true,
    () => false,
  );

/** What is missing is left out, so that a part of the project can be built. */
async function present(entries) {
  const found = await Promise.all(
    Object.entries(entries).map(async ([name, path]) => [name, path, await exists(at(path))]),
  );
  return Object.fromEntries(found.filter(([, , is]) => is).map(([name, path]) => [name, at(path)]));
}

/**
 * What has native parts or is required by path stays outside; small libraries go in, since one file loads faster than
 * many. Chunks lie beside the entries: code in them finds its neighbours from import.meta.url.
 */
async function bundle() {
  const { version } = JSON.parse(await readFile(at('package.json'), 'utf8'));
  await build({
    entryPoints: await present({
      clincher: 'src/clincher.ts',
      worker: 'src/worker.ts',
      codec: 'src/codec.ts',
      supervisor: 'src/temporal/supervisor.ts',
    }),
    outdir: fresh,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: 'chunk-[hash]',
    external: [
      '@modelcontextprotocol/*',
      '@opentelemetry/*',
      '@temporalio/*',
      'node-ssh',
      'nodemailer',
      'ssh2',
      'esbuild',
      'tsx',
    ],
    // The same library as ES modules, of which only what is used need be loaded.
    alias: { yaml: at('node_modules/yaml/browser/index.js') },
    define: { CLINCHER_VERSION: JSON.stringify(version) },
    // Libraries in CommonJS ask for Node's own modules by require, which ESM lacks.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    legalComments: 'none',
    logLevel: 'warning',
  });
  await chmod(join(fresh, 'clincher.js'), 0o755);
}

/** What a browser runs; as src/page/script.ts makes it of the source. */
async function bundlePage() {
  if (!(await exists(at('src/page/browser/main.ts')))) return;
  await build({
    entryPoints: [at('src/page/browser/main.ts')],
    outdir: join(fresh, 'page'),
    ...{ bundle: true, minify: true, format: 'iife', platform: 'browser', target: 'es2022', charset: 'utf8' },
    ...{ legalComments: 'none', logLevel: 'warning' },
  });
}

/** Bundling at start costs a worker some seconds; the bundle must come from the very version of the SDK that runs it. */
async function bundleWorkflows() {
  const workflowsPath = at('src/workflows/index.ts');
  if (!(await exists(workflowsPath))) return;
  const { bundleWorkflowCode, DefaultLogger } = createRequire(import.meta.url)('@temporalio/worker');
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    failureConverterPath: at('templates/temporal/failure-converter.cjs'),
    logger: new DefaultLogger('WARN'),
    // Lines of stack traces without the sources themselves: every worker parses this at its start.
    webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-source-map' }),
  });
  await writeFile(join(fresh, 'workflow-bundle.js'), code);
}

const began = performance.now();
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
await Promise.all([bundle(), bundlePage(), bundleWorkflows()]);
rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);
process.stdout.write(`dist/ built in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
process.exit(0);
