// OpenClaw from its npm package, packed as the official image is: user node, state in its home, tini, health check.
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../../../scripts/run.js';
import { inFolder, putFiles } from '../build.js';
import { type NodeVersion, nodeBase, quietly, withNode } from './node.js';
import { install, type Recipe } from './recipe.js';

interface Release {
  node: NodeVersion;
  /** Packages that npm cannot fetch as the release names them. */
  overrides: Record<string, string>;
}

const releases = {
  // Its libsignal is a git address; the published one has the file that the Telegram plugin asks for.
  '2026.3.13': { node: '22.23.3', overrides: { libsignal: '6.0.0' } },
  '2026.9.6': { node: '24.21.0', overrides: {} },
} satisfies Record<string, Release>;

// docker: the gateway starts its sandboxes with the command line tool, over the socket proxy.
const instructions = `${install('tini', 'curl', 'ca-certificates', 'docker-cli', 'git')}
COPY --chown=node:node app /app
RUN ln -s /app/openclaw.mjs /usr/local/bin/openclaw && chmod 755 /app/openclaw.mjs && install -d -o node -g node -m 700 /home/node/.openclaw
WORKDIR /app
ENV NODE_ENV=production HOME=/home/node
USER node
EXPOSE 18789
HEALTHCHECK --interval=3m --timeout=10s --start-period=15s --retries=3 CMD node -e "fetch('http://127.0.0.1:18789/healthz').then((r)=>process.exit(r.ok?0:1)).catch(()=>process.exit(1))"
ENTRYPOINT ["tini", "-s", "--"]
CMD ["node", "openclaw.mjs", "gateway", "--allow-unconfigured"]
`;

/** Half of all files, read by people and compilers only: a lab host has to unpack each. */
const unread = ['*.map', '*.d.ts', '*.d.mts', '*.d.cts', '*.md', '*.markdown'];

export function openclaw(version: keyof typeof releases): Recipe {
  const { node, overrides } = releases[version];
  const manifest = JSON.stringify({ private: true, overrides });
  return {
    repository: 'openclaw/openclaw',
    version,
    from: nodeBase(node),
    instructions,
    prepare: {
      ingredients: [manifest, ...unread, 'layout 2'],
      make: (folder) => withNode(node, (bin) => prepare(join(folder, 'app'), version, manifest, bin)),
    },
  };
}

async function prepare(app: string, version: string, manifest: string, bin: string): Promise<void> {
  await inFolder(async (folder) => {
    putFiles(folder, { 'package.json': manifest });
    // By the Node that will run it: packages look at the version when they choose what to install.
    const env = { PATH: `${bin}:${process.env['PATH']}` };
    // Optional are native parts of this platform, as in the official image: without one of them 2026.9.6 cannot take
    // over the state of an older version. Peers are a model runtime and a canvas, which it lacks too.
    const words = ['install', `openclaw@${version}`, '--omit=peer', '--include=optional', ...quietly];
    await must('npm', words, { cwd: folder, env });
    await dropUnread(`${folder}/node_modules`);
    await moveOut(`${folder}/node_modules`, app);
  });
}

/** Not of OpenClaw itself: its skills and the templates of a workspace are such files. */
async function dropUnread(modules: string): Promise<void> {
  const named = unread.flatMap((each) => ['-o', '-name', each]).slice(1);
  const others = [modules, '-type', 'f', '-not', '-path', `${modules}/openclaw/*`];
  await must('find', [...others, '(', ...named, ')', '-delete']);
}

/** As in the official image, the package is /app itself and what it needs is /app/node_modules. */
async function moveOut(modules: string, app: string): Promise<void> {
  await must('mv', [`${modules}/openclaw`, app]);
  const own = join(app, 'node_modules');
  for (const each of [own, modules]) rmSync(join(each, '.bin'), { recursive: true, force: true });
  for (const name of existsSync(own) ? readdirSync(own) : [])
    renameSync(join(own, name), join(modules, name));
  rmSync(own, { recursive: true, force: true });
  await must('mv', [modules, own]);
  await dropManuals(join(app, 'docs'));
}

/** All but the templates, which a new workspace is made from. */
async function dropManuals(docs: string): Promise<void> {
  await must('find', [docs, '-type', 'f', '-not', '-path', `${docs}/reference/templates/*`, '-delete']);
  await must('find', [docs, '-type', 'd', '-empty', '-delete']);
}
