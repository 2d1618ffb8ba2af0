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
