// Filebrowser from its Go module, its web pages from the packages that its lock file names; laid out as the official image is.
import { cpSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../../../scripts/run.js';
import { inFolder } from '../build.js';
import { moduleFolder } from './go-programs.js';
import { withNode } from './node.js';
import { install, type Recipe } from './recipe.js';

const MODULE = 'github.com/filebrowser/filebrowser/v2';

/** As its package.json has it. */
const PNPM = 'pnpm@10.33.4';

const instructions = `${install('ca-certificates', 'wget')}
RUN groupadd --gid 1000 user && useradd --uid 1000 --gid user --create-home user
COPY filebrowser /bin/filebrowser
COPY docker/common/ /
COPY docker/alpine/ /
RUN mkdir -p /config /database /srv && chown user:user /config /database /srv && chmod 755 /bin/filebrowser /init.sh /healthcheck.sh
USER user
VOLUME /srv /config /database
EXPOSE 80
ENTRYPOINT ["/init.sh"]
`;

export function filebrowser(version: string): Recipe {
  return {
    ...{ repository: 'filebrowser/filebrowser', version: `v${version}`, instructions },
    prepare: { ingredients: [PNPM, 'layout 1'], make: (folder) => built(folder, version) },
  };
}

const built = (folder: string, version: string): Promise<void> =>
  inFolder(async (source) => {
    cpSync(await moduleFolder(`${MODULE}@v${version}`, source), source, { recursive: true });
    // The module cache is read-only.
    await must('chmod', ['-R', 'u+w', source]);
    await pages(join(source, 'frontend'));
    const flags = `-s -w -X ${MODULE}/version.Version=${version}`;
    const words = ['build', '-buildvcs=false', '-trimpath', '-ldflags', flags, '-o', 'filebrowser', '.'];
    await must('go', words, { cwd: source, env: { CGO_ENABLED: '0', GOTOOLCHAIN: 'local' } });
    for (const name of ['filebrowser', 'docker']) renameSync(join(source, name), join(folder, name));
  });

/** The program has them in itself, so they are made first. */
const pages = (frontend: string): Promise<void> =>
  withNode('24.21.0', async (bin) => {
    const options = { cwd: frontend, env: { PATH: `${bin}:${process.env['PATH']}` } };
    const words = ['exec', '--yes', '--', PNPM, 'install', '--frozen-lockfile', '--ignore-scripts'];
    await must('npm', words, options);
    await must('node', ['node_modules/vite/bin/vite.js', 'build'], options);
  });
