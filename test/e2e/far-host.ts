// Another server that takes copies: a real sshd whose one user may do nothing but SFTP, below one folder.
import type { LabHost } from '../lab/lab.js';
import { must } from './published.js';
import type { Stage } from './stage.js';

const NAME = 'far-end';
export const COPIES = '/home/copies/clincher';

const SETUP = `set -e
useradd -m -s /usr/sbin/nologin copies
install -d -o copies -g copies -m 700 /home/copies/.ssh
rm -f /root/k /root/k.pub; ssh-keygen -q -t ed25519 -N '' -C copies -f /root/k
install -o copies -g copies -m 600 /root/k.pub /home/copies/.ssh/authorized_keys
printf 'Match User copies\\n  ForceCommand internal-sftp\\n  PasswordAuthentication no\\n  AllowTcpForwarding no\\n' >/etc/ssh/sshd_config.d/copies.conf
systemctl restart ssh`;

/** A fresh one, and a server's configuration and vault that know it. */
export async function farHost(stage: Stage, server: string, name = NAME): Promise<LabHost> {
  const [far] = (await stage.hosts([{ name, distro: 'debian13', memory: '1g' }])) as [LabHost];
  await must(far, SETUP);
  const key = await must(far, 'cat /root/k; rm /root/k');
  const keys = await must(far, 'cat /etc/ssh/ssh_host_*_key.pub');
  stage.set(server, {
    backup: {
      offsite: { type: 'sftp', host: far.address, user: 'copies', host_keys: keys.trim().split('\n') },
    },
  });
  const stored = await stage.cli(['secrets', 'set', 'offsite_ssh_key', '-s', server], { input: key });
  if (stored.code !== 0) throw new Error(`the key was not stored: ${stored.stderr}`);
  return far;
}
