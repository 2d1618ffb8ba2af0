// Debian's HAProxy in front of a Docker socket, with the switches of tecnativa's docker-socket-proxy: all off but three.
import { install, type Recipe } from './recipe.js';

/** A switch opens the part of the API of its name. */
const parts = [
  ...[
    'AUTH',
    'BUILD',
    'COMMIT',
    'CONFIGS',
    'CONTAINERS',
    'DISTRIBUTION',
    'EVENTS',
    'EXEC',
    'GRPC',
    'IMAGES',
    'INFO',
  ],
  ...[
    'NETWORKS',
    'NODES',
    'PLUGINS',
    'SECRETS',
    'SERVICES',
    'SESSION',
    'SWARM',
    'SYSTEM',
    'TASKS',
    'VERSION',
  ],
  ...['VOLUMES'],
];
const onFromTheStart = new Set(['EVENTS', 'PING', 'VERSION']);
const verbs = { ALLOW_START: 'start', ALLOW_STOP: 'stop', ALLOW_RESTARTS: 'stop|restart|kill' };

const version = String.raw`^(/v[\d\.]+)?`;
const inPath = (pattern: string): string => `{ path,url_dec -m reg -i ${version}${pattern} }`;
const isOn = (name: string): string => `{ env(${name}) -m bool }`;
const allow = (name: string, pattern: string): string =>
  `  http-request allow if ${inPath(pattern)} ${isOn(name)}`;

const config = `global
  log stdout format raw daemon "\${LOG_LEVEL}"
  maxconn 4000

defaults
  mode http
  log global
  option httplog
  option dontlognull
  timeout http-request 10s
  timeout queue 1m
  timeout connect 10s
  timeout client 10m
  timeout server 10m
  timeout tunnel 1h

backend docker
  server socket "\${SOCKET_PATH}"

frontend proxy
  bind :2375
${Object.entries(verbs)
  .map(([name, verb]) => allow(name, `/containers/[a-zA-Z0-9_.-]+/(${verb})`))
  .join('\n')}
  http-request deny unless METH_GET || ${isOn('POST')}
${allow('PING', '/_ping')}
${parts.map((name) => allow(name, `/${name.toLowerCase()}`)).join('\n')}
  http-request deny
  default_backend docker
`;

const off = [...parts, 'PING', 'POST', ...Object.keys(verbs)].map(
  (name) => `${name}=${onFromTheStart.has(name) ? 1 : 0}`,
);

const instructions = `${install('haproxy', 'wget')}
COPY haproxy.cfg /usr/local/etc/haproxy/haproxy.cfg
ENV LOG_LEVEL=info SOCKET_PATH=/var/run/docker.sock ${off.join(' ')}
EXPOSE 2375
CMD ["haproxy", "-W", "-db", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]
`;

export const socketProxy: Recipe = {
  ...{ repository: 'tecnativa/docker-socket-proxy', version: 'v0.4.2', instructions },
  files: () => ({ 'haproxy.cfg': config }),
};
