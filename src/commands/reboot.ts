// A reboot on the host itself: why it is needed, how everything stops before it, and what makes it come back as it was.
import type { Action, BootSeen, Fact } from '../model.js';
import { sh } from './shell.js';

/** Of the last reboot that a run has asked for: on the disk, since it is read after it. */
const LEFT = '/var/lib/clincher/reboot';
/** Containers that Docker is to start by itself at the next boot, although they were stopped. */
const RETURNING = '/var/lib/clincher/reboot-returning';

/** /run/reboot-required: unattended-upgrades and kernel packages write it (Debian policy has no other word for it). */
export const bootSeen: Fact<BootSeen> = {
  read: sh(
    `echo "boot $(cat /proc/sys/kernel/random/boot_id)"; echo "now $(date +%s%3N)"; echo "kernel $(uname -r)"
for f in /boot/vmlinuz-*; do [ -e "$f" ] && echo "installed \${f#/boot/vmlinuz-}"; done
[ -e /run/reboot-required ] && echo required
sort -u /run/reboot-required.pkgs 2>/dev/null | sed 's/^/package /'
sed 's/^/left /' ${LEFT} 2>/dev/null; true`,
  ),
  parse({ stdout }) {
    const words = (key: string): string[] =>
      [...stdout.matchAll(new RegExp(`^${key} (.+)$`, 'gm'))].map(([, rest = '']) => rest.trim());
    const [bootId] = words('boot');
    const [now] = words('now');
    if (!bootId || !now || !/^\d+$/.test(now)) throw new Error('the host does not say in which boot it is');
    const [id, at] = words('left')[0]?.split(' ') ?? [];
    return {
      ...{ bootId, nowMs: Number(now), kernel: words('kernel')[0] ?? '', installed: words('installed') },
      ...(/^required$/m.test(stdout) ? { required: words('package') } : {}),
      ...(id && at ? { left: { bootId: id, atMs: Number(at) } } : {}),
    };
  },
};

/** `6.1.0-31-amd64` and `6.1.0-31-cloud-amd64` are of different packages: neither replaces the other. */
const flavour = (kernel: string): string => /^[^-]*(?:-[^-]*\d[^-]*)?-(.+)$/.exec(kernel)?.[1] ?? '';

const byVersion = new Intl.Collator('en', { numeric: true });

const newest = ({ kernel, installed }: BootSeen): string | undefined =>
  installed
    .filter((each) => flavour(each) === flavour(kernel))
    .sort(byVersion.compare)
    .at(-1);

/** Empty: nothing asks for a reboot. */
export function reasonsToReboot(seen: BootSeen): string[] {
  const { kernel, required } = seen;
  const next = newest(seen);
  const packages = required?.length ? ` for ${required.join(', ')}` : '';
  return [
    ...(required === undefined ? [] : [`/run/reboot-required asks for it${packages}`]),
    ...(next !== undefined && byVersion.compare(next, kernel) > 0
      ? [`kernel ${kernel} runs, ${next} is installed`]
      : []),
  ];
}

/** Nothing is done in another boot than the one that was decided about, and nothing while the host's own timer makes a backup. */
const MIND = String.raw`set -e
umask 077
[ "$(cat /proc/sys/kernel/random/boot_id)" = "$1" ] || { echo "this is another boot already"; exit 0; }
if [ -e "$2" ]; then exec 8<"$2"; flock -w 900 8 || { echo "a backup has been made for a quarter of an hour"; exit 75; }; fi
mkdir -p /var/lib/clincher
`;

export const EXIT_BUSY = 75;

/**
 * live-restore lets containers outlive the daemon, so at a shutdown it is systemd that ends them, all at once and not after their
 * own stop_grace_period. So they are stopped before, the gateway first while what it needs still runs. Docker does not start what
 * was stopped under `unless-stopped`; under `always` it does at its next start: then the services are back even where no control
 * plane is. Which ones is written down before it is changed.
 */
const DRAIN = String.raw`${MIND}began=$(date +%s%3N) gateway=
if docker ps -q >/dev/null 2>&1; then
  for c in $(docker ps -q); do
    [ "$(docker inspect -f '{{.HostConfig.RestartPolicy.Name}}' "$c")" = unless-stopped ] || continue
    echo "$c" >>${RETURNING}
    docker update --restart always "$c" >/dev/null
  done
  if docker ps --format '{{.Names}}' | grep -qx -- "$3"; then docker stop "$3" >/dev/null; fi
  gateway=$(date +%s%3N)
  rest=$(docker ps -q)
  [ -z "$rest" ] || docker stop $rest >/dev/null
  [ -z "$(docker ps -q)" ] || { docker ps --format '{{.Names}} does not stop'; exit 1; }
fi
[ -n "$gateway" ] || gateway=$began
echo "drained: {\"fromMs\":$began,\"gatewayMs\":$((gateway - began)),\"allMs\":$(($(date +%s%3N) - began))}"`;

export const drain = (bootId: string, lock: string, gateway: string): Action => ({
  command: sh(DRAIN, bootId, lock, gateway),
});

export interface Drained {
  /** When the first one was told to stop. */
  fromMs: number;
  gatewayMs: number;
  allMs: number;
}

/** Undefined: nothing was stopped, since the host is in another boot already. */
export const drained = (log: string): Drained | undefined =>
  JSON.parse(/^drained: (\{.*\})$/m.exec(log)?.[1] ?? 'null') ?? undefined;

const REBOOT = String.raw`${MIND}printf '%s %s\n' "$1" "$(date +%s%3N)" >${LEFT}
systemctl reboot`;

export const reboot = (bootId: string, lock: string): Action => ({ command: sh(REBOOT, bootId, lock) });

const SETTLE = String.raw`set -e
[ -e ${RETURNING} ] || exit 0
docker ps -q >/dev/null
sort -u ${RETURNING} | while read -r c; do docker update --restart unless-stopped "$c" >/dev/null 2>&1 || :; done
rm -f ${RETURNING}`;

/** A container that a person stops stays stopped again. */
export const settle: Action = { command: sh(SETTLE) };

/** Waits until everything that starts at boot has started, or has failed to. */
export const booted: Fact<{ state: string; failed: string[] }> = {
  read: sh(
    'timeout 170 systemctl is-system-running --wait; systemctl --failed --plain --no-legend --no-pager',
  ),
  parse({ stdout }) {
    const [state = '', ...rows] = stdout.split('\n');
    return { state: state.trim(), failed: rows.flatMap((row) => row.trim().split(/\s+/)[0] || []) };
  },
};
