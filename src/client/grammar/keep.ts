// Commands that keep things in order: locks, secrets, the configuration.
import { CONFIRM, SERVER } from './flags.js';
import type { Argument, CommandSpec } from './spec.js';

const SECRET: Argument = { name: 'name', help: '<server>/<name>, shared/<name>, or a name with --server' };

export const KEEP: readonly CommandSpec[] = [
  {
    name: 'lock status',
    group: 'Keep',
    summary: 'Who holds a server: the lock is the running operation itself',
    examples: ['clincher lock status', 'clincher lock status -s prod', 'clincher lock status --json'],
    args: [],
    flags: [SERVER],
    load: async () => (await import('../commands/lock.js')).lockStatus,
  },
  {
    name: 'lock release',
    group: 'Keep',
    summary: 'End the run that holds a server at once, without any clean-up; try `abort` first',
    examples: [
      'clincher lock release -s prod',
      'clincher lock release -s prod --confirm prod',
      'clincher abort @last',
    ],
    args: [],
    flags: [SERVER, CONFIRM],
    load: async () => (await import('../commands/lock.js')).lockRelease,
  },
  {
    name: 'secrets ls',
    group: 'Keep',
    summary: 'List secrets: where each comes from and whether it has a value; never the value',
    examples: ['clincher secrets ls', 'clincher secrets ls --ask', 'clincher secrets ls --json'],
    args: [],
    flags: [SERVER, { flags: '--ask', help: 'also run the commands of exec: sources' }],
    load: async () => (await import('../commands/secrets.js')).secretsLs,
  },
  {
    name: 'secrets set',
    group: 'Keep',
    summary: 'Store a secret in the vault; it is prompted for, or read from a file or stdin',
    examples: [
      'clincher secrets set prod/telegram_bot_token',
      'clincher secrets set telegram_bot_token -s prod --secret-file ./token',
      'pass show voyage | clincher secrets set shared/voyage_api_key',
    ],
    args: [SECRET],
    flags: [
      SERVER,
      { flags: '--secret-file <file>', help: 'read it from a file; `-` is stdin', completes: 'file' },
      { flags: '--rotate', help: 'replace a value that was generated' },
    ],
    load: async () => (await import('../commands/secrets.js')).secretsSet,
  },
  {
    name: 'secrets rm',
    group: 'Keep',
    summary: 'Remove a secret from the vault',
    examples: [
      'clincher secrets rm prod/telegram_bot_token',
      'clincher secrets rm prod/telegram_bot_token --yes',
      'clincher secrets rm prod/backup_key --confirm prod/backup_key',
    ],
    args: [SECRET],
    flags: [
      SERVER,
      { flags: '-y, --yes', help: 'without asking' },
      { flags: '--confirm <name>', help: 'the name again, for what cannot be had back' },
    ],
    load: async () => (await import('../commands/secrets.js')).secretsRm,
  },
  {
    name: 'secrets generate',
    group: 'Keep',
    summary: 'Make the internal secrets that are missing; those that are there stay',
    examples: [
      'clincher secrets generate -s prod',
      'clincher secrets generate gateway_token -s prod --rotate',
      'clincher secrets generate -s all --json',
    ],
    args: [
      {
        name: 'names',
        help: 'which; all that are missing when none is named',
        isOptional: true,
        isVariadic: true,
      },
    ],
    flags: [
      SERVER,
      { flags: '--rotate', help: 'make them anew' },
      { flags: '-y, --yes', help: 'without asking' },
    ],
    load: async () => (await import('../commands/secrets-make.js')).secretsGenerate,
  },
  {
    name: 'secrets import',
    group: 'Keep',
    summary: 'Take secrets over from a dotenv, YAML or JSON file',
    examples: [
      'clincher secrets import .env -s prod',
      'sops -d secrets.yaml | clincher secrets import - -s prod',
      'clincher secrets import old.json -s prod --overwrite',
    ],
    args: [{ name: 'file', help: 'absent, or `-`: stdin', isOptional: true }],
    flags: [SERVER, { flags: '--overwrite', help: 'also those that have a value' }],
    load: async () => (await import('../commands/secrets-make.js')).secretsImport,
  },
  {
    name: 'images lock',
    group: 'Keep',
    summary: 'Write down the exact contents behind each image tag, in clincher.lock.yaml',
    examples: [
      'clincher images lock',
      'clincher images lock --upgrade',
      'clincher images lock -s prod --json',
    ],
    args: [],
    flags: [SERVER, { flags: '--upgrade', help: 'ask anew for all tags: take what they mean today' }],
    load: async () => (await import('../commands/images.js')).imagesLock,
  },
  {
    name: 'images check',
    group: 'Keep',
    summary: 'Prove that every locked image can still be had, and tell which tags were moved',
    examples: [
      'clincher images check',
      'clincher images check --scan',
      'clincher images check -s prod --json',
    ],
    args: [],
    flags: [SERVER, { flags: '--scan', help: 'also count known vulnerabilities, with trivy' }],
    load: async () => (await import('../commands/images.js')).imagesCheck,
  },
  {
    name: 'images sbom',
    group: 'Keep',
    summary: 'List what is inside the locked images, with syft, as SPDX files',
    examples: [
      'clincher images sbom --out sbom',
      'clincher images sbom -s prod --out /srv/audit',
      'clincher images sbom --out sbom --json',
    ],
    args: [],
    flags: [SERVER, { flags: '--out <folder>', help: 'where the files go', completes: 'file' }],
    load: async () => (await import('../commands/images-sbom.js')).imagesSbom,
  },
  {
    name: 'config check',
    group: 'Keep',
    summary: 'Say everything that is wrong with clincher.yaml, each with its place',
    examples: [
      'clincher config check',
      'clincher config check --config ./other.yaml',
      'clincher config check --json',
    ],
    args: [],
    flags: [],
    load: async () => (await import('../commands/config.js')).configCheck,
  },
  {
    name: 'config show',
    group: 'Keep',
    summary: 'Print the configuration with every default filled in',
    examples: ['clincher config show', 'clincher config show -s prod', 'clincher config show --json'],
    args: [],
    flags: [SERVER],
    load: async () => (await import('../commands/config.js')).configShow,
  },
  {
    name: 'config schema',
    group: 'Keep',
    summary: 'Print the JSON Schema of clincher.yaml, for editors',
    examples: [
      'clincher config schema > clincher.schema.json',
      'clincher config schema | jq .properties.servers',
      'clincher docs ssh.port',
    ],
    args: [],
    flags: [],
    load: async () => (await import('../commands/config.js')).configSchema,
  },
];
