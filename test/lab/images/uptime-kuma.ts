// Uptime Kuma from its npm package, laid out as the official image has it; node and SQLite are Debian's.
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../../../scripts/run.js';
import { inFolder, putFiles } from '../build.js';
import { quietly } from './node.js';
import { install, type Recipe } from './recipe.js';

/** npm has no other: the official images are made from the repository. */
const VERSION = '2.0.0-dev.0';

/** The driver that the package names would be fetched from where its releases are, which is no registry of packages. */
const DRIVER = 'node_modules/@louislam/sqlite3';

const instructions = `${install('nodejs', 'node-sqlite3', 'ca-certificates')}
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --create-home node
COPY --chown=node:node app /app
RUN ln -s "$(dirname "$(dpkg -L node-sqlite3 | grep '/sqlite3/package.json$')")" /app/${DRIVER}
WORKDIR /app
USER node
EXPOSE 3001
CMD ["node", "server/server.js"]
`;

export const uptimeKuma: Recipe = {
  ...{ repository: 'louislam/uptime-kuma', version: VERSION, instructions },
  prepare: { ingredients: ['layout 1'], make: (folder) => fetched(join(folder, 'app')) },
};

async function fetched(app: string): Promise<void> {
  await inFolder(async (folder) => {
    putFiles(folder, { 'package.json': '{"private":true}' });
    await must('npm', ['install', `uptime-kuma@${VERSION}`, '--ignore-scripts', ...quietly], { cwd: folder });
    const modules = join(folder, 'node_modules');
    rmSync(join(modules, '@louislam/sqlite3'), { recursive: true });
    await must('find', [modules, '-type', 'f', '-name', '*.map', '-delete']);
    await must('mv', [join(modules, 'uptime-kuma'), app]);
    await must('mv', [modules, join(app, 'node_modules')]);
    gatherMigrations(join(app, 'db'));
  });
}

/** The package has some of the migrations one folder too high, where its own server does not look. */
function gatherMigrations(db: string): void {
  for (const name of readdirSync(db).filter((each) => /^patch.*\.sql$/.test(each)))
    renameSync(join(db, name), join(db, 'old_migrations', name));
}
