// The lock-out guard: like a router's commit-confirmed, the host puts the old state back unless a new login was proved.
import { AUDIT_LOG } from '../commands/audit-log.js';
import type { Guard, Server } from '../model.js';
import { GUARDS, quote, render, unitOf, whole } from './script.js';

/** How long a guarded change may stand unproved. Leaves room for a worker that is killed and comes back. */
export const GUARD_SECONDS = 90;

const SERVICE = 'clincher-revert.service';
const folder = (key: string): string => `${GUARDS}/${key}`;

/** Body to run before the change: snapshot, revert script, timer, and a unit that reverts at boot as well. */
export function arm(key: string, guard: Guard, server: Server): string {
  const paths = guard.restore(server).map(quote).join(' ');
  return `( set -e; g=${folder(key)}; umask 077; rm -rf "$g"; mkdir -p "$g"; : >"$g/present"
for p in ${paths}; do if [ -e "$p" ]; then printf '%s\\n' "\${p#/}" >>"$g/present"; fi; done
tar -C / -cf "$g/files.tar" -T "$g/present"
cat >"$g/revert" <<'CLINCHER_REVERT'
${revertScript(key, guard, server)}CLINCHER_REVERT
cat >/etc/systemd/system/${SERVICE} <<'CLINCHER_UNIT'
${unit()}CLINCHER_UNIT
systemctl daemon-reload; systemctl -q enable ${SERVICE}
sync "$g/files.tar" "$g/revert" /etc/systemd/system/${SERVICE} 2>/dev/null || sync
systemd-run --quiet --collect --on-active=${GUARD_SECONDS} --timer-property=AccuracySec=1s --unit=${unitOf(key)}-revert sh "$g/revert"
) || exit 97`;
}

function revertScript(key: string, guard: Guard, server: Server): string {
  const paths = guard.restore(server).map(quote).join(' ');
  const reload = guard.reload.map((command) => `{ ${render(command)}\n} </dev/null || true`).join('\n');
  return whole(`g=${folder(key)}; [ -e "$g/files.tar" ] || exit 0
rm -rf -- ${paths}; tar -C / -xpf "$g/files.tar"
systemctl daemon-reload
if [ -z "$CLINCHER_BOOT" ]; then
${reload || ':'}
fi
printf '%s %s\\n' "$(date -u +%FT%TZ)" ${quote(`guard ${key} reverted`)} >>${AUDIT_LOG}
: >"$g/reverted"; rm -f "$g/files.tar"
${unlessPending()}`);
}

/** At boot every pending guard is due: nobody has proved anything to a host that has just restarted. */
const unit = (): string => `[Unit]
Description=Put back what an unproved change of clincher may have cut off
DefaultDependencies=no
After=local-fs.target
Before=ssh.service ssh.socket ufw.service
[Service]
Type=oneshot
Environment=CLINCHER_BOOT=1
ExecStart=/bin/sh -c 'for r in ${GUARDS}/*/revert; do [ -e "$$r" ] && sh "$$r"; done; true'
[Install]
WantedBy=multi-user.target
`;

/** The unit that reverts at boot goes with the last guard that is pending. */
const unlessPending = (): string =>
  `ls ${GUARDS}/*/files.tar >/dev/null 2>&1 || { systemctl -q disable ${SERVICE} 2>/dev/null; rm -f /etc/systemd/system/${SERVICE}; systemctl daemon-reload; }; true`;

/** The new way in was proved: forget the old state. Says `reverted` when the host was faster. */
export function disarm(key: string): string {
  return whole(`g=${folder(key)}; systemctl stop ${unitOf(key)}-revert.timer 2>/dev/null
while systemctl -q is-active ${unitOf(key)}-revert.service; do sleep 0.2; done
if [ -e "$g/reverted" ]; then echo reverted; else echo kept; rm -rf "$g"; fi
${unlessPending()}`);
}

/** Puts the old state back now, when we still have a connection and the proof has failed. */
export const revertNow = (key: string): string =>
  whole(
    `g=${folder(key)}; systemctl stop ${unitOf(key)}-revert.timer 2>/dev/null; systemd-run --quiet --collect --unit=${unitOf(key)}-revert-now sh "$g/revert"`,
  );
