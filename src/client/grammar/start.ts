// Commands that set things up and keep them up.
import { NEW_SERVER, SERVER } from './flags.js';
import type { CommandSpec } from './spec.js';

export const START: readonly CommandSpec[] = [
  {
    name: 'init',
    group: 'Start',
    summary: 'Write a first clincher.yaml: address, key, pinned host key, vault',
    examples: [
      'clincher init',
      'clincher init prod --set address=203.0.113.7 --key ~/.ssh/id_ed25519.pub --host-key SHA256:…',
      'clincher init --config other.yaml',
    ],
    args: [{ name: 'name', help: 'what to call the server', isOptional: true }],
    flags: NEW_SERVER,
    load: async () => (await import('../commands/init.js')).init,
  },
  {
    name: 'import ansible',
    group: 'Start',
    summary:
      'Write a clincher.yaml from the Ansible playbook’s inventory and variables, and move its vault’s secrets into ours',
    examples: [
      'clincher import ansible ~/clincher-ansible --key ~/.ssh/id_ed25519.pub',
      'clincher import ansible . --secret-file .vault-pass --key ~/.ssh/id_ed25519.pub',
      'pass show ansible-vault | clincher import ansible . --secret-file - --key ~/.ssh/id_ed25519.pub --set ssh.admin_addresses=198.51.100.7',
    ],
    args: [{ name: 'folder', help: 'of the playbook, with inventory and group_vars' }],
    flags: [
      {
        flags: '--inventory <file>',
        help: 'in YAML, where it is not where it usually is',
        completes: 'file',
      },
      {
        flags: '--secret-file <file>',
        help: 'the password of ansible-vault, from a file; `-` is stdin (default: it is prompted for)',
        completes: 'file',
      },
      { flags: '--key <file>', help: 'the public key that may log in', completes: 'file' },
      {
        flags: '--set <key=value>',
        help: 'what the files do not say, e.g. ssh.admin_addresses=198.51.100.7; may be repeated',
        repeats: true,
      },
    ],
    load: async () => (await import('../commands/import-ansible.js')).importAnsible,
  },
  {
    name: 'doctor',
    group: 'Start',
    summary: 'Check everything from here to the servers; each failure says its fix',
    examples: ['clincher doctor', 'clincher doctor -s prod', 'clincher doctor --json'],
    args: [],
    flags: [SERVER],
    load: async () => (await import('../commands/doctor.js')).doctor,
  },
  {
    name: 'up',
    group: 'Start',
    summary: 'Start the embedded control plane (Temporal, worker, web UI) in the background',
    examples: ['clincher up', 'clincher up --service', 'clincher up --json'],
    args: [],
    flags: [
      { flags: '--service', help: 'have systemd start it with the machine' },
      { flags: '--no-service', help: 'take that back' },
    ],
    load: async () => (await import('../commands/up.js')).up,
  },
  {
    name: 'down',
    group: 'Start',
    summary: 'Stop the embedded control plane; runs wait in its file until it is up again',
    examples: ['clincher down', 'clincher down && clincher up', 'clincher down --json'],
    args: [],
    flags: [],
    load: async () => (await import('../commands/down.js')).downAll,
  },
  {
    name: 'worker',
    group: 'Start',
    summary: 'Run only the worker, in the foreground, for a Temporal that is already there',
    examples: [
      'clincher worker',
      'TEMPORAL_ADDRESS=temporal:7233 clincher worker',
      'clincher worker --metrics 127.0.0.1:9464',
    ],
    args: [],
    flags: [
      {
        flags: '--metrics <host:port>',
        help: 'tell figures of Temporal and of runs there, in Prometheus’ words',
      },
    ],
    load: async () => (await import('../commands/worker.js')).worker,
  },
  {
    name: 'ui',
    group: 'Start',
    summary: 'Open the web UI of Temporal, with histories decoded',
    examples: ['clincher ui', 'clincher ui --no-open', 'clincher ui @last'],
    args: [{ name: 'run', help: 'open it at this run', isOptional: true, completes: 'run' }],
    flags: [{ flags: '--no-open', help: 'only print the address' }],
    load: async () => (await import('../commands/ui.js')).ui,
  },
];
