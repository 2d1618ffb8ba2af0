// Debian's Redis under the name and with the manners of redis-stack-server. What it lacks: RediSearch, so no vectors.
import { install, type Recipe } from './recipe.js';

const entrypoint = `#!/bin/sh
# A command of its own is run as it is; without one, the server with what REDIS_ARGS says.
set -e
if [ "\${1#-}" != "$1" ]; then set -- redis-server "$@"; fi
if [ $# -gt 0 ]; then exec "$@"; fi
exec redis-server --dir /data --protected-mode no --daemonize no $REDIS_ARGS
`;

const instructions = `${install('redis-server')}
COPY entrypoint.sh /entrypoint.sh
RUN chmod 755 /entrypoint.sh && mkdir -p /data
LABEL clincher.lab.lacks="RediSearch"
WORKDIR /data
VOLUME /data
EXPOSE 6379
ENTRYPOINT ["/entrypoint.sh"]
`;

export const redis: Recipe = {
  ...{ repository: 'redis/redis-stack-server', version: '7.4.0-v3', instructions },
  files: () => ({ 'entrypoint.sh': entrypoint }),
};
