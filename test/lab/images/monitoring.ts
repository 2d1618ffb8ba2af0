// What watches: Prometheus, Alertmanager and the exporters, Debian's own programs under the names and with the manners of the official images.
import { install, type Recipe } from './recipe.js';

interface Program {
  repository: string;
  version: string;
  /** Debian's package; its program is called the same. */
  packages: string;
  /** Where the official image has it. */
  at: string;
  /** Folders that the official image has, and nobody's. */
  folders?: string;
  words?: readonly string[];
}

/** wget is what the official ones have of busybox, for health checks. */
const program = ({ repository, version, packages, at, folders, words }: Program): Recipe => ({
  ...{ repository, version },
  instructions: `${install(packages, 'wget', 'ca-certificates')}
RUN [ -e ${at} ] || ln -s /usr/bin/${packages} ${at}${folders === undefined ? '' : `; mkdir -p ${folders} && chown 65534:65534 ${folders}`}
USER 65534:65534
ENTRYPOINT ["${at}"]
CMD ${JSON.stringify(words ?? [])}
`,
});

export const prometheus = program({
  ...{ repository: 'prom/prometheus', version: 'v2.53.3', packages: 'prometheus', at: '/bin/prometheus' },
  folders: '/prometheus /etc/prometheus',
});

export const alertmanager = program({
  ...{ repository: 'prom/alertmanager', version: 'v0.28.1', packages: 'prometheus-alertmanager' },
  ...{ at: '/bin/alertmanager', folders: '/alertmanager' },
});

export const nodeExporter = program({
  ...{ repository: 'prom/node-exporter', version: 'v1.9.0', packages: 'prometheus-node-exporter' },
  at: '/bin/node_exporter',
});

export const redisExporter = program({
  ...{ repository: 'oliver006/redis_exporter', version: 'v1.69.0-alpine' },
  ...{ packages: 'prometheus-redis-exporter', at: '/redis_exporter' },
});

export const blackboxExporter = program({
  ...{ repository: 'prom/blackbox-exporter', version: 'v0.26.0', packages: 'prometheus-blackbox-exporter' },
  at: '/bin/blackbox_exporter',
});
