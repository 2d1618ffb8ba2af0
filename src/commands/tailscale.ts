// Tailscale: is the node up, where to log it in (tailscale(8)).
import type { Action, Fact } from '../model.js';
import { action, sh } from './shell.js';

export interface Status {
  isUp: boolean;
  /** Where a person lets this node in; empty when nobody has asked for it. */
  loginUrl: string;
  /** Its IPv4 address in the tailnet; empty when it has none. */
  address: string;
}

const DOWN: Status = { isUp: false, loginUrl: '', address: '' };

export const status: Fact<Status> = {
  read: ['tailscale', 'status', '--json', '--peers=false'],
  parse: ({ stdout }) => parseStatus(stdout),
  absent: DOWN,
};

/** No daemon, no JSON: the node is down, and that is an answer. */
export function parseStatus(stdout: string): Status {
  if (!stdout.trimStart().startsWith('{')) return DOWN;
  const json = JSON.parse(stdout) as {
    BackendState?: string;
    AuthURL?: string;
    TailscaleIPs?: string[] | null;
  };
  const address = json.TailscaleIPs?.find((ip) => ip.includes('.')) ?? '';
  return { isUp: json.BackendState === 'Running', loginUrl: json.AuthURL ?? '', address };
}

/**
 * Asks for a login and waits for it in the background; meanwhile `status` has the URL. It takes over neither DNS nor
 * routes of the host, and Tailscale's own SSH server stays off: ours is the one that is hardened.
 */
export const askForLogin = (hostname: string, loginServer: string | undefined): Action =>
  action(
    ...sh(
      `systemctl reset-failed clincher-tailscale-up.service 2>/dev/null
systemd-run --quiet --collect --unit=clincher-tailscale-up tailscale up --accept-dns=false --accept-routes=false --ssh=false --hostname="$1" \${2:+"--login-server=$2"} || exit
n=0; until tailscale status --json --peers=false | grep -qE '"AuthURL": "https?:|"BackendState": "Running"'; do n=$((n+1)); [ $n -gt 60 ] && { echo "tailscaled gives no login URL" >&2; exit 1; }; sleep 1; done`,
      hostname,
      loginServer ?? '',
    ),
  );

/** What the tailnet calls this node, and the names that it may have certificates for; none: HTTPS is off there. */
export interface Node extends Status {
  name: string;
  certificateNames: string[];
}

/** Null where Tailscale is not installed yet. */
export const node: Fact<Node | null> = {
  read: status.read,
  parse({ stdout }) {
    const known = parseStatus(stdout);
    if (!stdout.trimStart().startsWith('{')) return { ...known, name: '', certificateNames: [] };
    const json = JSON.parse(stdout) as { Self?: { DNSName?: string }; CertDomains?: string[] | null };
    const name = (json.Self?.DNSName ?? '').replace(/\.$/, '');
    return { ...known, name, certificateNames: json.CertDomains ?? [] };
  },
  absent: null,
};

/** As `tailscale serve status --json` has it: one of these for the node, one for each session and service. */
interface ServeConfig {
  TCP?: Record<string, { HTTPS?: boolean; TCPForward?: string; TerminateTLS?: string }>;
  Web?: Record<string, { Handlers?: Record<string, Handler> }>;
  AllowFunnel?: Record<string, boolean>;
  Foreground?: Record<string, ServeConfig>;
  Services?: Record<string, ServeConfig>;
}

interface Handler {
  Proxy?: string;
  Path?: string;
  Redirect?: string;
}

/** Everything that this node serves, a line each: from where in the tailnet, or from the whole internet, to what. */
export const serving: Fact<string[]> = {
  read: ['tailscale', 'serve', 'status', '--json'],
  parse({ stdout, stderr, exitCode }) {
    if (exitCode !== 0) throw new Error(stderr.trim() || 'tailscale does not say what it serves');
    return served(JSON.parse(stdout) as ServeConfig).sort();
  },
  absent: [],
};

/** The same words as `serving` has for it. */
export const handler = (name: string, target: string): string => line(`https://${name}:443/`, target, false);

const line = (from: string, to: string, isPublic: boolean): string =>
  `${from} → ${to}${isPublic ? ' (Funnel: from the whole internet)' : ''}`;

function served(config: ServeConfig): string[] {
  return [
    ...web(config),
    ...forwarded(config),
    ...unheard(config),
    ...Object.values(config.Foreground ?? {}).flatMap(served),
    ...Object.entries(config.Services ?? {}).flatMap(([name, its]) =>
      served(its).map((each) => `${name}: ${each}`),
    ),
  ];
}

function web({ TCP = {}, Web = {}, AllowFunnel = {} }: ServeConfig): string[] {
  return Object.entries(Web).flatMap(([host, { Handlers = {} }]) => {
    const scheme = TCP[portOf(host)]?.HTTPS ? 'https' : 'http';
    return Object.entries(Handlers).map(([path, to]) =>
      line(`${scheme}://${host}${path}`, answer(to), AllowFunnel[host] === true),
    );
  });
}

function forwarded({ TCP = {}, AllowFunnel = {} }: ServeConfig): string[] {
  return Object.entries(TCP).flatMap(([port, { TCPForward, TerminateTLS }]) => {
    const isPublic = Object.entries(AllowFunnel).some(([host, on]) => on && portOf(host) === port);
    return TCPForward ? [line(`${TerminateTLS ? 'tls' : 'tcp'}:${port}`, TCPForward, isPublic)] : [];
  });
}

/** A Funnel that stays switched on where nothing is served opens whatever is served there next. */
function unheard({ TCP = {}, Web = {}, AllowFunnel = {} }: ServeConfig): string[] {
  return Object.entries(AllowFunnel)
    .filter(([host, on]) => on && !Web[host] && !TCP[portOf(host)]?.TCPForward)
    .map(([host]) => line(host, 'nothing', true));
}

/** A text may be long, or a secret. */
const answer = ({ Proxy: proxy, Path: path, Redirect: redirect }: Handler): string =>
  proxy ?? path ?? redirect ?? 'a text';

const portOf = (host: string): string => host.slice(host.lastIndexOf(':') + 1);

/** Where the tailnet does not allow it, the command would wait for a person. */
const PATIENCE = ['timeout', '60'];

/** Replaces `/` on 443 and switches Funnel off there; what else is served stays. */
export const serve = (target: string): Action =>
  action(...PATIENCE, 'tailscale', 'serve', '--bg', '--yes', '--https=443', '--set-path=/', target);

/** Only `/` on 443; with its last path a Funnel there goes as well. */
export const serveNoMore: Action = action('tailscale', 'serve', '--https=443', '--set-path=/', 'off');

/** Ends sessions in the foreground too. */
export const serveNothing: Action = action('tailscale', 'serve', 'reset');
