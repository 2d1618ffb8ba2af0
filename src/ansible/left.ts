// Why a variable of the Ansible peer has no key here, and what does its work instead.

const OWN_PINS = 'clincher follows the signed repository, and asks it before the first change';
const SMOKESCREEN =
  'clincher builds a commit of its own choice: older ones, the guide’s among them, take a list that they do not understand for none (stack.egress.commit)';
const SANDBOX =
  'OpenClaw refuses the guide’s names for it; `openclaw.sandbox: docker` turns a sandbox with measured limits on';
const PERSONAS =
  'a text that the model obeys is named one by one, with its commit, and read by a person before it is used (openclaw.personas, openclaw.skills)';
const MONITOR =
  'a monitor is a server of its own here: add one with `role: monitor`, then clincher run monitoring';
const ORCHESTRATOR = 'it is not installed: an application for a desktop now (docs/guide-corrections.md, 5.2)';
const TOOLS =
  'some of these tools do not exist, so denying them denies nothing; clincher denies by groups (openclaw.denied_tools adds more)';

/** The first that fits. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /^ansible_(?:become|python_interpreter|connection|ssh_\w+_args|ssh_extra_args)$/,
    'clincher always uses sudo, and needs no Python',
  ],
  [/^ansible_(?:ssh_pass|password)$/, 'clincher logs in by key alone'],
  [/^(?:docker_ce|tailscale|containerd|docker_buildx|docker_compose_plugin)_version$/, OWN_PINS],
  [/^(?:smokescreen|squid)_/, SMOKESCREEN],
  [/^docker_max_concurrent_/, 'Docker’s own default is kept'],
  [/^redis_maxmemory$/, 'follows from the limit of Redis (stack.limits.redis)'],
  [/^openclaw_memory_reservation$/, 'a limit holds, a reservation does not'],
  [/^sandbox_/, SANDBOX],
  [/^openclaw_\w+_tool_denials$/, TOOLS],
  [/^(?:agency_agents|vendor_skills)/, PERSONAS],
  [/^(?:external_)?monitoring_|^(?:prometheus|grafana|uptime_kuma)_/, MONITOR],
  [/^log_retention_days$/, 'the journal keeps the logs, within its own limit'],
  [
    /^(?:watchdog_notify_method|telegram_chat_id|ntfy_url)$/,
    'who is told stands in `alerts.channels`; clincher alerts test tries each',
  ],
  [
    /^filebrowser_version$/,
    'clincher runs the last one that there is; older ones have more holes, and other options (stack.images.filebrowser)',
  ],
  [/^agent_orchestrator_/, ORCHESTRATOR],
  [
    /^uploads_dir$/,
    'shared files lie below the stack’s folder, as the gateway sees them (convenience.uploads)',
  ],
  [/^docker_health_format$/, 'is a helper of the playbook'],
  [/^force_gateway_token$/, 'a new token is a runbook: clincher run rotate-token'],
];

export const whyLeft = (name: string): string =>
  REASONS.find(([pattern]) => pattern.test(name))?.[1] ?? 'clincher has no such setting';
