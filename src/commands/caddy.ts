// Caddy: is a configuration valid, and what does it come to (https://caddyserver.com/docs/command-line).
import type { Command, Fact } from '../model.js';

export interface Site {
  /** Where it listens: `:443`. */
  listen: string[];
  /** Names that it answers to. */
  hosts: string[];
  /** Whom it asks, in order: `172.16.253.2:18789`. */
  upstreams: string[];
  /** Of its answers, by name in small letters. */
  headers: Record<string, string>;
  /** Headers that it takes out of answers. */
  removed: string[];
  /** What it tells the upstream in place of the client's own words. */
  told: Record<string, string>;
}

export interface Effective {
  /** On, it lets whoever reaches it change everything. */
  hasAdmin: boolean;
  sites: Site[];
  /** Who signs certificates: `internal`, `acme`; empty: Caddy's default, the public ones. */
  issuers: string[];
}

const CADDYFILE = '/etc/caddy/Caddyfile';

/** In the image that will run it, without a network: what it says goes to stderr, `Error: …` last. */
export const validate = (image: string, file: string): Command => [
  ...['docker', 'run', '--rm', '--network=none', '--entrypoint=caddy', `--volume=${file}:${CADDYFILE}:ro`],
  ...[image, 'validate', '--config', CADDYFILE, '--adapter', 'caddyfile'],
];

/** The admin interface is off, so nobody can ask a running Caddy; the file that it was started with says the same. */
export const effective = (container: string): Fact<Effective> => ({
  read: ['docker', 'exec', container, 'caddy', 'adapt', '--config', CADDYFILE, '--adapter', 'caddyfile'],
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr.trim().split('\n').at(-1) || 'caddy does not answer');
    return parseEffective(JSON.parse(stdout) as Config);
  },
});

interface Config {
  admin?: { disabled?: boolean };
  apps?: {
    http?: { servers?: Record<string, { listen?: string[]; routes?: Route[] }> };
    tls?: { automation?: { policies?: { issuers?: { module: string }[] }[] } };
  };
}

interface Route {
  match?: { host?: string[] }[];
  handle?: Handler[];
}

interface Changes {
  set?: Record<string, string[]>;
  delete?: string[];
}

interface Handler {
  handler: string;
  routes?: Route[];
  upstreams?: { dial: string }[];
  response?: Changes;
  headers?: { request?: Changes };
}

function parseEffective({ admin, apps }: Config): Effective {
  const servers = Object.values(apps?.http?.servers ?? {});
  const policies = apps?.tls?.automation?.policies ?? [];
  return {
    hasAdmin: admin?.disabled !== true,
    sites: servers.flatMap(({ listen = [], routes = [] }) => routes.map((route) => site(listen, route))),
    issuers: policies.flatMap(({ issuers = [] }) => issuers.map(({ module }) => module)),
  };
}

function site(listen: string[], route: Route): Site {
  const all = handlers(route);
  const answers = all.flatMap(({ response }) => response ?? []);
  const asks = all.flatMap(({ headers }) => headers?.request ?? []);
  return {
    listen,
    hosts: (route.match ?? []).flatMap(({ host = [] }) => host),
    upstreams: all.flatMap(({ upstreams = [] }) => upstreams.map(({ dial }) => dial)),
    headers: settings(answers),
    removed: answers.flatMap((each) => each.delete ?? []).map((name) => name.toLowerCase()),
    told: settings(asks),
  };
}

/** Routes stand within routes. */
const handlers = ({ handle = [] }: Route): Handler[] =>
  handle.flatMap((each) => [each, ...(each.routes ?? []).flatMap(handlers)]);

const settings = (changes: readonly Changes[]): Record<string, string> =>
  Object.fromEntries(
    changes.flatMap(({ set = {} }) =>
      Object.entries(set).map(([name, values]) => [name.toLowerCase(), values.join(', ')]),
    ),
  );
