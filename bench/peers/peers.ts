// Second runs by Ansible and pyinfra: the whole process, and it must find nothing to change.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Server } from '../../src/model.js';
import type { LabHost } from '../../test/lab/lab.js';
import { sshWords } from '../../test/lab/ssh.js';
import { mustTimed, type Timed } from '../timed.js';
import type { Peers } from './install.js';
import { gather } from './material.js';

/** An operator's own settings of Ansible would make it another Ansible. */
const withoutAnsible = (): Record<string, undefined> =>
  Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => name.startsWith('ANSIBLE_'))
      .map((name) => [name, undefined]),
  );

const here = (name: string): string => new URL(name, import.meta.url).pathname;

export class PeerRuns {
  private constructor(
    private readonly peers: Peers,
    private readonly folder: string,
    private readonly material: string,
  ) {}

  static async prepare(peers: Peers, host: LabHost, server: Server, folder: string): Promise<PeerRuns> {
    const runs = new PeerRuns(peers, folder, await gather(host, server, folder));
    await runs.#inventories(host, server);
    return runs;
  }

  /** `byModule`: each firewall rule by a call of the ufw module, as playbooks usually have it. */
  async ansible(options: { byModule?: boolean } = {}): Promise<number> {
    const words = ['-i', join(this.folder, 'ansible.json'), '-e', `@${this.material}`];
    const rules = ['-e', JSON.stringify({ firewall_by_module: options.byModule ?? false })];
    const env = {
      ...withoutAnsible(),
      ANSIBLE_CONFIG: here('ansible/ansible.cfg'),
      ANSIBLE_HOME: join(this.folder, 'ansible-home'),
    };
    const result = await mustTimed(this.peers.ansible, [...words, ...rules, here('ansible/playbook.yml')], {
      env,
    });
    unchanged('Ansible', result, / changed=0 +unreachable=0 +failed=0 /.test(result.stdout));
    return result.ms;
  }

  async pyinfra(): Promise<number> {
    const words = ['-y', join(this.folder, 'inventory.py'), here('pyinfra/deploy.py')];
    const result = await mustTimed(this.peers.pyinfra, words, {
      env: { BENCH_MATERIAL: this.material },
      cwd: this.folder,
    });
    const said = result.stdout + result.stderr;
    unchanged('pyinfra', result, /Grand total +(\d+) +- +- +\1\s/.test(said));
    return result.ms;
  }

  /** Host keys are pinned for all three; Ansible's one connection stays open between its runs. */
  async #inventories(host: LabHost, { ssh, address, name }: Server): Promise<void> {
    const words = await sshWords(host, { user: ssh.user, port: ssh.port });
    const knownHosts = words.find((word) => word.startsWith('UserKnownHostsFile='))!.split('=')[1]!;
    const options = `-F /dev/null -o UserKnownHostsFile=${knownHosts} -o IdentitiesOnly=yes -o ControlMaster=auto -o ControlPersist=10m`;
    const target = {
      ansible_host: address,
      ansible_port: ssh.port,
      ansible_user: ssh.user,
      ansible_ssh_private_key_file: ssh.identity_file,
      ansible_ssh_args: options,
    };
    const inventory = { all: { hosts: { [name]: target } } };
    writeFileSync(join(this.folder, 'ansible.json'), stringify(inventory));
    const data = {
      ssh_hostname: address,
      ssh_port: ssh.port,
      ssh_user: ssh.user,
      ssh_key: ssh.identity_file,
      ssh_known_hosts_file: knownHosts,
      ssh_strict_host_key_checking: 'yes',
    };
    writeFileSync(
      join(this.folder, 'inventory.py'),
      `hosts = [(${JSON.stringify(name)}, ${JSON.stringify(data)})]\n`,
    );
  }
}

function unchanged(peer: string, { stdout, stderr }: Timed, isSo: boolean): void {
  if (isSo) return;
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-60).join('\n');
  throw new Error(`${peer} finds something to change on a host that clincher provisioned:\n${said}`);
}
