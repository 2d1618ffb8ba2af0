// Debian's PostgreSQL with the manners of the official image: its variables, its user, its data folder.
import { install, type Recipe } from './recipe.js';

/** As the official one: root only to own the folder; a first start makes the cluster, and asks for a password from everywhere. */
const entrypoint = `#!/bin/sh
set -eu
export PATH="$(echo /usr/lib/postgresql/*/bin):$PATH" PGDATA=/var/lib/postgresql/data
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /run/postgresql && chown -R postgres "$PGDATA" /run/postgresql && chmod 700 "$PGDATA"
  password=$(cat "\${POSTGRES_PASSWORD_FILE:-/dev/null}")
  export POSTGRES_PASSWORD="\${POSTGRES_PASSWORD:-$password}"
  exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  file=$(mktemp); printf '%s' "$POSTGRES_PASSWORD" >"$file"
  initdb --username "\${POSTGRES_USER:-postgres}" --pwfile "$file" --auth-local trust --auth-host scram-sha-256 --encoding UTF8
  rm -f "$file"
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  user=\${POSTGRES_USER:-postgres}
  pg_ctl -w -o "-c listen_addresses=''" start
  psql -v ON_ERROR_STOP=1 --username "$user" --dbname postgres -c "CREATE DATABASE \\"\${POSTGRES_DB:-$user}\\""
  pg_ctl -m fast -w stop
fi
unset POSTGRES_PASSWORD
exec postgres -c listen_addresses='*' "$@"
`;

const instructions = `${install('postgresql', 'util-linux')}
RUN pg_dropcluster --stop 17 main || true
COPY docker-entrypoint.sh /usr/local/bin/
RUN chmod 755 /usr/local/bin/docker-entrypoint.sh; ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/ 2>/dev/null || true
STOPSIGNAL SIGINT
VOLUME /var/lib/postgresql/data
EXPOSE 5432
ENTRYPOINT ["docker-entrypoint.sh"]
`;

/** Debian 13 has PostgreSQL 17, whatever the tag says. */
export const postgres: Recipe = {
  ...{ repository: 'postgres', version: '16', instructions },
  files: () => ({ 'docker-entrypoint.sh': entrypoint }),
};
