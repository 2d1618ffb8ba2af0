// Temporal as its official images have it: programs, schema, entry points and their users, from the official Go modules.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MODULES } from '../../../src/temporal/cache.js';
import { builtServer, copyOut, copyProgram, goInstall, moduleFolder } from './go-programs.js';
import { install, type Recipe } from './recipe.js';

/** The newest that `go install` takes: later ones replace a module. */
const CLI = '1.5.1';

const SERVER = `go.temporal.io/server@v${MODULES.server}`;
const UI = `github.com/temporalio/ui-server/v2@v${MODULES.ui}`;

/** As in Alpine sh is BusyBox's: the entry point asks for pipefail. */
const LIKE_ALPINE = `${install('ca-certificates', 'tzdata', 'busybox', 'netcat-openbsd')}
RUN ln -sf "$(command -v busybox)" /bin/sh && groupadd -g 1000 temporal && useradd -u 1000 -g temporal -m temporal`;

export const temporalServer: Recipe = {
  ...{ repository: 'temporalio/server', version: MODULES.server },
  instructions: `${LIKE_ALPINE}
COPY temporal-server /usr/local/bin/
COPY entrypoint.sh /etc/temporal/entrypoint.sh
WORKDIR /etc/temporal
USER temporal
CMD [ "/etc/temporal/entrypoint.sh" ]
`,
  prepare: {
    ingredients: [SERVER],
    make: async (folder, say) => {
      copyProgram((await builtServer(say)).server, join(folder, 'temporal-server'));
      const module = await moduleFolder(SERVER, folder);
      await copyOut(join(module, 'docker/scripts/sh/entrypoint.sh'), join(folder, 'entrypoint.sh'));
    },
  },
};

export const temporalAdminTools: Recipe = {
  ...{ repository: 'temporalio/admin-tools', version: MODULES.server },
  instructions: `${LIKE_ALPINE}
COPY temporal temporal-sql-tool /usr/local/bin/
COPY schema /etc/temporal/schema
USER temporal
CMD ["sh", "-c", "trap exit INT HUP TERM; sleep infinity & wait"]
`,
  prepare: {
    ingredients: [SERVER, CLI],
    make: async (folder) => {
      await goInstall(`github.com/temporalio/cli/cmd/temporal@v${CLI}`, folder, 'temporal');
      const sql = `go.temporal.io/server/cmd/tools/sql@v${MODULES.server}`;
      await goInstall(sql, folder, 'temporal-sql-tool');
      const module = await moduleFolder(SERVER, folder);
      mkdirSync(join(folder, 'schema'));
      const kind = 'schema/postgresql';
      await copyOut(join(module, kind), join(folder, kind));
    },
  },
};

export const temporalUi: Recipe = {
  ...{ repository: 'temporalio/ui', version: MODULES.ui },
  instructions: `${LIKE_ALPINE}
WORKDIR /home/ui-server
COPY --chown=temporal:temporal ui-server start-ui-server.sh ./
COPY --chown=temporal:temporal docker.yaml ./config/docker.yaml
USER temporal
EXPOSE 8080
ENTRYPOINT ["./start-ui-server.sh"]
`,
  prepare: {
    ingredients: [UI],
    make: async (folder, say) => {
      copyProgram((await builtServer(say)).ui, join(folder, 'ui-server'));
      const module = await moduleFolder(UI, folder);
      await copyOut(join(module, 'docker/start-ui-server.sh'), join(folder, 'start-ui-server.sh'));
      await copyOut(join(module, 'config/docker.yaml'), join(folder, 'docker.yaml'));
    },
  },
};
