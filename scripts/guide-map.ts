// Which runbook, step, check, command or key does what each section of the guide asks. The one place; test/guide-map.test.ts holds it to the code.

/** `kind id`, as the test looks it up: `step base.sshd`, `runbook backup`, `command pairing approve`, `key proxy.oidc`. */
export type Doer = `${'checklist' | 'step' | 'check' | 'runbook' | 'command' | 'key'} ${string}`;

export interface Section {
  /** Number in the guide. */
  id: string;
  title: string;
  by: readonly Doer[];
  /** What is not done, or done otherwise, and why; the whole story is in guide-corrections.md. */
  but?: string;
}

export const GUIDE: readonly Section[] = [
  {
    id: 'local',
    title: 'Local verification, without a server',
    by: ['command render', 'command config check', 'command plan', 'command images check'],
  },
  {
    id: 'ansible',
    title: 'The Ansible playbook: inventory, variables, vault, tags',
    by: [
      'command import ansible',
      'runbook provision',
      'command run',
      'command plan',
      'command secrets import',
    ],
    but: 'tags are `--only` and `--from`',
  },
  {
    id: 'ansible',
    title: 'What stays manual: bot, tunnel token, keys, `tailscale up`, health checks, drills',
    by: ['command gates', 'command answer', 'command signal', 'runbook dr-drill', 'runbook monitoring'],
    but: 'a person is asked at a gate, and what they give is tried before it is taken',
  },
  {
    id: '1',
    title: 'Prerequisites',
    by: ['command init', 'command adopt', 'command doctor', 'key stack.tier'],
  },
  {
    id: '1',
    title: 'The deploy user and SSH',
    by: [
      'step base.user',
      'step base.sudo',
      'step base.authorized-keys',
      'step base.ssh-door',
      'step base.sshd',
    ],
  },
  {
    id: '1',
    title: 'Docker and its daemon.json',
    by: [
      'step base.packages',
      'step base.docker',
      'step base.compose',
      'step base.docker-daemon',
      'step base.docker-group',
    ],
  },
  {
    id: '1',
    title: 'Kernel parameters and the clock',
    by: ['step base.sysctl', 'step base.time', 'key system.sysctl'],
  },
  {
    id: '2',
    title: 'Firewall',
    by: ['step harden.firewall', 'step harden.docker-user', 'key ssh.admin_addresses'],
  },
  { id: '2', title: 'fail2ban', by: ['step harden.fail2ban', 'key firewall.fail2ban'] },
  {
    id: '2',
    title: 'Ingress from Cloudflare alone',
    by: ['step harden.web-ports', 'key firewall.web_sources'],
  },
  {
    id: '2',
    title: 'Tailscale (optional)',
    by: [
      'step harden.tailscale',
      'step harden.tailnet-door',
      'step harden.tailnet-only',
      'key tailscale.ssh_only',
    ],
  },
  { id: '2', title: 'IPv6 off (optional)', by: ['step base.ipv6', 'key system.ipv6'] },
  { id: '3', title: 'Directories', by: ['step base.directories', 'step stack.directories'] },
  {
    id: '3',
    title: 'The egress proxy and its list',
    by: [
      'step stack.egress',
      'check verify.egress-allowed',
      'check verify.egress-denied',
      'check verify.egress-list',
      'key stack.egress.extra_domains',
    ],
    but: 'the list follows from what is on; payments (x402) are such a domain with a reason, and nothing of their own',
  },
  {
    id: '3',
    title: 'LiteLLM: models, budgets, cache',
    by: [
      'step stack.models',
      'check verify.models',
      'check verify.budget',
      'key models.list',
      'key stack.cache',
    ],
  },
  {
    id: '3',
    title: 'The Compose file: services, networks, limits, socket proxy',
    by: [
      'step stack.compose',
      'step stack.proxies',
      'check verify.networks',
      'check verify.limits',
      'check verify.walls',
      'check verify.sandbox-door',
    ],
  },
  {
    id: '3',
    title: 'Image provenance: digests, signatures, SBOM, weekly scan',
    by: [
      'step stack.images',
      'command images lock',
      'command images check',
      'command images sbom',
      'runbook scan-images',
      'check verify.pinned',
    ],
  },
  {
    id: '4',
    title: 'Keys into .env',
    by: ['step stack.env', 'step stack.secrets', 'command secrets set', 'check verify.secrets-files'],
  },
  {
    id: '4',
    title: 'Start, health, egress check',
    by: [
      'step stack.services',
      'check verify.services',
      'check verify.gateway-ready',
      'check verify.egress-only',
    ],
  },
  {
    id: '5',
    title: 'Gateway: token, bind, proxies, Control UI, discovery',
    by: ['step openclaw.config', 'check verify.gateway-auth', 'key openclaw.origins'],
  },
  {
    id: '5',
    title: 'Sandbox and its caps',
    by: ['step openclaw.config', 'check verify.sandbox', 'key openclaw.sandbox'],
  },
  {
    id: '5',
    title: 'Tool denials, groups, channel policies',
    by: ['step openclaw.config', 'check verify.tools-denied', 'key openclaw.denied_tools'],
  },
  { id: '5', title: 'SOUL.md', by: ['step openclaw.soul', 'key openclaw.rules'] },
  {
    id: '5',
    title: 'Permissions, audit, restart',
    by: [
      'step openclaw.permissions',
      'step openclaw.state',
      'check verify.audit',
      'key openclaw.accepted_findings',
    ],
  },
  {
    id: '5.1',
    title: 'Agency agents: personas and skills',
    by: [
      'step openclaw.personas',
      'step openclaw.skills',
      'check verify.skills',
      'key openclaw.personas',
      'key openclaw.skills',
    ],
  },
  {
    id: '5.2',
    title: 'Agent orchestrator',
    by: [],
    but: 'not installed, and no key pretends to: it is an application for a desktop now, and the older form for servers gives whoever reaches its page an agent’s terminal (guide-corrections.md)',
  },
  {
    id: '6',
    title: 'Providers and their keys',
    by: ['key providers', 'command secrets set', 'check verify.litellm', 'check verify.secrets-environment'],
  },
  {
    id: '6',
    title: 'A model server of your own (vLLM)',
    by: ['key providers', 'key stack.egress.allow_ranges'],
    but: 'its container and GPU are yours; clincher opens the way to it',
  },
  {
    id: '6',
    title: 'Extra environment (Clawtomaton)',
    by: ['key openclaw.extra_env', 'command egress allow'],
  },
  {
    id: '6',
    title: 'Rotation of keys',
    by: ['runbook rotate-key', 'runbook rotate-token', 'runbook rotate-ssh', 'runbook rotate-backup-key'],
  },
  {
    id: '6',
    title: 'What tokens cost',
    by: [
      'key models.heartbeat',
      'key models.budget_period',
      'command usage',
      'runbook watchdog',
      'runbook monitoring',
    ],
  },
  {
    id: '7',
    title: 'Telegram',
    by: [
      'key channels.telegram',
      'check verify.channel-telegram',
      'command pairing ls',
      'command pairing approve',
    ],
  },
  {
    id: '7',
    title: 'Discord, Slack, webhook',
    by: [
      'key channels.discord',
      'key channels.slack',
      'key channels.webhook',
      'check verify.channel-discord',
      'check verify.channel-slack',
      'check verify.channel-webhook',
    ],
  },
  { id: '8', title: 'Memory and its index', by: ['key memory', 'runbook memory', 'check kept.memory'] },
  {
    id: '8',
    title: 'Personal data: redaction, retention, namespaces',
    by: ['key memory.keep_conversations_days', 'runbook memory'],
    but: 'OpenClaw has no redaction and no namespaces; sessions are kept apart',
  },
  {
    id: '9',
    title: 'A: Caddy',
    by: [
      'step proxy.services',
      'key proxy.kind',
      'check exposed.certificate',
      'check exposed.anonymous',
      'check exposed.token',
    ],
  },
  { id: '9', title: 'B: Cloudflare Tunnel', by: ['step proxy.services', 'key proxy.tunnel_token'] },
  { id: '9', title: 'C: Tailscale Serve', by: ['step proxy.tailscale-serve'] },
  { id: '9', title: 'Single sign-on (OIDC)', by: ['key proxy.oidc'] },
  { id: '10', title: 'Verification', by: ['command verify', 'runbook verify', 'runbook smoke'] },
  {
    id: '10',
    title: 'The ten-row list before exposure',
    by: [
      'check verify.audit',
      'check verify.services',
      'check verify.egress-denied',
      'check verify.gateway-auth',
      'check verify.pinned',
      'check verify.secrets-arguments',
      'check verify.sandbox',
      'check verify.tools-denied',
      'check verify.backup-key',
      'runbook watchdog',
    ],
  },
  { id: '10', title: 'Attacks on the prompt', by: ['runbook redteam', 'key redteam.attacks'] },
  {
    id: '10',
    title: 'OpenTelemetry',
    by: ['runbook monitoring'],
    but: '`control_plane.telemetry` exports clincher’s own runs as traces; OpenClaw’s spans are not exported yet',
  },
  {
    id: '10',
    title: 'ClawMetry',
    by: ['runbook monitoring', 'command usage'],
    but: 'not installed, for the reasons in docs/guide-corrections.md',
  },
  {
    id: '11',
    title: 'Backups, encrypted, and copies elsewhere',
    by: [
      'checklist backup',
      'runbook backup',
      'command backups ls',
      'key backup.offsite',
      'check kept.backups',
      'check kept.offsite',
    ],
  },
  {
    id: '11',
    title: 'Monthly rotation of the token',
    by: ['runbook rotate-token', 'key schedules.rotate-token', 'command schedule sync'],
  },
  {
    id: '11',
    title: 'Changes of the egress list',
    by: ['command egress allow', 'command egress deny', 'command egress list', 'runbook egress'],
  },
  {
    id: '11',
    title: 'Service levels and alert rules',
    by: ['runbook watchdog', 'runbook monitoring', 'step monitoring.files', 'key watchdog.spend_percent'],
  },
  {
    id: '11.5',
    title: 'Shortcuts (`oc-*`)',
    by: ['step convenience.shortcuts', 'key convenience.shortcuts'],
    but: 'off until asked for; with commands that the real software has',
  },
  {
    id: '11.5',
    title: 'Shared uploads',
    by: ['step convenience.uploads', 'key convenience.uploads'],
    but: 'off until asked for; below the stack’s folder, of the owner that the container needs',
  },
  {
    id: '11.5',
    title: 'Filebrowser',
    by: ['step convenience.filebrowser', 'check verify.filebrowser-login', 'key convenience.filebrowser'],
    but: 'off until asked for: its project was archived on 2026-09-01; the password is generated, and the page is shut until it was verified',
  },
  {
    id: '12',
    title: 'Troubleshooting',
    by: ['runbook diagnose', 'command doctor', 'command verify', 'runbook heal'],
  },
  {
    id: '13.1',
    title: 'What heals by itself',
    by: ['runbook heal', 'runbook watchdog', 'key watchdog.heal'],
  },
  {
    id: '13.2',
    title: 'The watchdog',
    by: ['runbook watchdog', 'command alerts ls', 'command alerts test', 'key alerts.channels'],
  },
  {
    id: '13.2.1',
    title: 'Prometheus and Grafana on another server',
    by: ['checklist monitoring', 'checklist metrics', 'runbook monitoring', 'check kept.monitor-targets'],
  },
  {
    id: '13.3',
    title: 'Security updates, and the reboot',
    by: ['step base.unattended-upgrades', 'runbook reboot'],
  },
  {
    id: '13.4',
    title: 'A look from outside',
    by: [
      'check verify.outside-ports',
      'check exposed.outside-ports',
      'step monitoring.uptime-kuma',
      'key watchdog.ping',
    ],
  },
  { id: '13.5', title: 'RTO, RPO, MTTR', by: ['runbook dr-drill', 'command backups drills'] },
  {
    id: '13.6',
    title: 'Upgrades, and the way back',
    by: ['runbook upgrade', 'key upgrade.watch_minutes', 'runbook prune'],
  },
  {
    id: '13.6',
    title: 'Backups verified every week',
    by: ['runbook verify-backup', 'key schedules.verify-backup'],
  },
  { id: '13.7', title: 'Recovery of a lost server', by: ['runbook recover'] },
  {
    id: '13.8',
    title: 'The checklist after a recovery',
    by: ['runbook recover', 'command verify', 'runbook soak'],
  },
  {
    id: '13.9',
    title: 'A standby that takes over',
    by: [
      'runbook stage-standby',
      'runbook failover',
      'runbook failback',
      'check kept.copies',
      'check kept.idle',
      'key failover.fence_command',
    ],
  },
  {
    id: '13.10',
    title: 'Drills',
    by: ['runbook restore-drill', 'runbook dr-drill', 'runbook drift', 'runbook drift-report'],
  },
  { id: '13.13', title: 'The first day', by: ['runbook soak'] },
  {
    id: '14',
    title: 'Tiers, several gateways, several servers',
    by: ['key stack.tier', 'runbook partition', 'check verify.partitions-apart', 'command run'],
  },
  {
    id: '14',
    title: 'A control plane for good',
    by: ['runbook control-plane', 'checklist control', 'runbook adoption'],
    but: 'not in the guide, whose control node is a laptop',
  },
  {
    id: '15',
    title: 'An assistant in the editor: `.vscode/mcp.json`',
    by: ['command mcp'],
    but: '`clincher mcp --print-config` writes it, without a secret; the assistant can look, and change nothing',
  },
  {
    id: '15',
    title: 'The gateway’s own tools for an assistant',
    by: ['command mcp', 'command exec'],
    but: 'over SSH (`--gateways`): the gateway speaks MCP by stdio alone, and at no address',
  },
  {
    id: '15',
    title: 'A day at the operator’s machine',
    by: [
      'command ssh',
      'command exec',
      'command cp',
      'command logs',
      'command top',
      'command open',
      'command usage',
      'command page',
    ],
    but: 'not in the guide, which types ssh, docker and curl',
  },
];
