// What is proved by effective values rather than by files, as shell lines that succeed when it holds: the same for both peers.
import type { Server } from '../../src/model.js';

export function proofs(server: Server): Record<string, string> {
  const { fail2ban } = server.firewall;
  return {
    sshd: `test "$(sshd -T -C user=${server.ssh.user},host=stranger.invalid,addr=203.0.113.1 | grep -cxiE '${sshd(server).join('|')}')" = ${sshd(server).length} && ss -Hltn | grep -q ':${server.ssh.port} ' && ! ss -Hltn | grep -q ':22 '`,
    compose: 'docker compose version --short | grep -qE "^v?[2-9]"',
    docker:
      'curl -sf --unix-socket /var/run/docker.sock http://docker/info | grep -q \'"LiveRestoreEnabled":true\'',
    sysctl: sysctl(server),
    time: 'test "$(systemd-detect-virt --container)" != none || systemctl -q is-active systemd-timesyncd.service',
    upgrades: `test "$(apt-config dump | grep -cE '^(APT::Periodic::(Update-Package-Lists|Unattended-Upgrade) "1"|Unattended-Upgrade::Automatic-Reboot "${server.system.unattended_upgrades.reboot}")')" = 3`,
    firewall:
      'iptables-save -t filter | grep -qx -- "-A ufw-before-input -j ufw-user-input" && iptables-save -t filter | grep -q "^-A clincher-published" && ip6tables-save -t filter | grep -q "^-A clincher-published"',
    fail2ban: `test "$(fail2ban-client get sshd maxretry)" = ${fail2ban.max_retry} && test "$(fail2ban-client get sshd bantime)" = ${fail2ban.ban_seconds}`,
  };
}

const sshd = ({ ssh }: Server): string[] => [
  'permitrootlogin no',
  'passwordauthentication no',
  'kbdinteractiveauthentication no',
  'maxauthtries 3',
  'x11forwarding no',
  'allowtcpforwarding local',
  `allowusers ${ssh.user}`,
  `port ${ssh.port}`,
];

/** Keys that this kernel lacks are no failure, as with clincher; higher limits neither. */
function sysctl({ system }: Server): string {
  const raised = ['fs.inotify.max_user_watches', 'fs.inotify.max_user_instances', 'net.core.somaxconn'];
  const exact = Object.entries(system.sysctl).filter(([key]) => !raised.includes(key));
  const wanted = exact.map(([key, value]) => `${key} = ${value}`).join('\n');
  const keys = exact.map(([key]) => key).join(' ');
  return `sysctl ${keys} 2>/dev/null | tr '\\t' ' ' | { ! grep -vxF -e '${wanted.replaceAll('\n', "' -e '")}'; }`;
}
