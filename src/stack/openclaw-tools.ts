// OpenClaw's settings of what an agent may do: tools, plugins, skills, sandbox.
import type { Server } from '../model.js';
import { SANDBOX_LIMITS, SANDBOX_USER, sandboxFolders, sandboxImage } from './docker-door.js';
import { critical, type Json, missing, plain, type Row, since8 } from './openclaw-row.js';
import type { Version } from './openclaw-version.js';
import { allowedBundled, offered, SKILLS_MOUNT, skillsOf } from './pins.js';

const isSandboxed = ({ openclaw }: Server): boolean => openclaw.sandbox === 'docker';

/** What neither a sandbox makes harmless nor a chat needs: other agents, schedules, the gateway itself, devices. */
const ALWAYS_DENIED = [
  'group:automation',
  'group:ui',
  'group:nodes',
  'process',
  'sessions_spawn',
  'sessions_send',
  'subagents',
];

/** Files and commands are for a sandbox or for nobody. */
const NEEDS_SANDBOX = ['group:runtime', 'group:fs'];

function denied(want: Server): Json {
  const ours = isSandboxed(want) ? ALWAYS_DENIED : [...ALWAYS_DENIED, ...NEEDS_SANDBOX];
  return [...new Set([...ours, ...want.openclaw.denied_tools])];
}

/** By name: this list knows no groups (gateway.tools.deny with `group:runtime` left exec callable by HTTP). */
const OVER_HTTP = [
  'sessions_spawn',
  'sessions_send',
  'subagents',
  'gateway',
  'cron',
  'exec',
  'process',
  'read',
  'write',
  'edit',
  'apply_patch',
  'browser',
  'canvas',
  'nodes',
];

const deniedOverHttp = ({ openclaw }: Server): Json => [
  ...new Set([...OVER_HTTP, ...openclaw.denied_tools.filter((tool) => !tool.startsWith('group:'))]),
];

/** The messaging profile lacks memory; files and commands are added where they have a sandbox to run in. */
const added = (want: Server): Json => [
  ...(want.memory.enabled ? ['memory_search', 'memory_get'] : []),
  ...(isSandboxed(want) ? ['exec', 'read', 'write', 'edit', 'apply_patch'] : []),
];

/** An empty list allows everything, so it never is: memory-core is always there, and does nothing where memory is off. */
function plugins({ channels }: Server): Json {
  const talking = (['telegram', 'discord', 'slack'] as const).filter((name) => channels[name].enabled);
  return [...talking, 'memory-core'];
}

const sandboxed =
  (value: Json | ((want: Server) => Json)) =>
  (want: Server): Json | undefined => {
    if (!isSandboxed(want)) return undefined;
    return typeof value === 'function' ? value(want) : value;
  };

const sandbox = (key: string, value: Json | ((want: Server) => Json), guide?: string): Row =>
  critical(`agents.defaults.sandbox.${key}`, sandboxed(value), guide === undefined ? {} : { guide });

const of = (name: string): string => `agents.defaults.sandbox.${name}`;

const SANDBOX_ROWS: readonly Row[] = [
  critical(of('mode'), (want) => (isSandboxed(want) ? 'all' : 'off'), { guide: of('mode') }),
  // One container, whose name the door knows; a gateway has one agent.
  sandbox('scope', 'shared', of('scope')),
  sandbox('workspaceRoot', (want) => sandboxFolders(want)[0].inGateway),
  sandbox('workspaceAccess', 'none', of('workspaceAccess')),
  sandbox('docker.image', sandboxImage),
  sandbox('docker.user', SANDBOX_USER),
  sandbox('docker.network', 'none', of('docker.network')),
  sandbox('docker.capDrop', ['ALL'], of('docker.capDrop')),
  sandbox('docker.readOnlyRoot', true),
  sandbox('docker.memory', SANDBOX_LIMITS.memory, of('docker.memoryLimit')),
  sandbox('docker.memorySwap', SANDBOX_LIMITS.memorySwap, of('docker.memorySwap')),
  sandbox('docker.cpus', SANDBOX_LIMITS.cpus, of('docker.cpuLimit')),
  sandbox('docker.pidsLimit', SANDBOX_LIMITS.pidsLimit, of('docker.pidsLimit')),
  sandbox('docker.ulimits', SANDBOX_LIMITS.ulimits, of('docker.ulimits.nofile')),
  sandbox('prune.idleHours', 12, of('docker.idleHours')),
  sandbox('prune.maxAgeDays', 3, of('docker.maxAgeDays')),
  // There is no cap on containers; as many agents as may run at once is the nearest.
  plain('agents.defaults.maxConcurrent', 8, { guide: of('docker.maxConcurrent') }),
];

/** Heartbeats are run by the scheduler since 2026.8, so it stays on there; no agent can reach it (group:automation). */
const scheduler = (_: Server, { generation }: Version): Json | undefined =>
  generation === '2026.8' ? undefined : false;

const LEARNS_NOTHING = 'writes no skills by itself';

/**
 * On the gateway and on devices nothing runs. Until 2026.8 commands in a sandbox are not judged by it; since then they
 * are, and `deny` would leave a sandbox in which nothing runs: there its walls, and `tools.exec.host`, are the limit.
 */
const onItsOwnHost = (want: Server, { generation }: Version): Json =>
  isSandboxed(want) && generation === '2026.8' ? 'full' : 'deny';

export const TOOL_ROWS: readonly Row[] = [
  critical('plugins.allow', plugins, { guide: 'plugins.allow' }),
  // Without it 2026.8 takes the file for an old one and loads every model provider beside the list (30 plugins, not 2).
  critical('meta.lastTouchedVersion', (_, { generation, release }) =>
    generation === '2026.8' ? release : undefined,
  ),
  critical('skills.allowBundled', allowedBundled),
  critical(since8('agents.defaults.skills', null), (want) => offered(want), {
    lacking: 'has no list by name for all agents',
  }),
  critical('skills.load.extraDirs', (want) => (skillsOf(want).length > 0 ? [SKILLS_MOUNT] : undefined)),
  // Newer versions write skills of their own making, and take those of devices.
  critical({ '2026.3': null, '2026.6': 'skills.workshop.autonomous.enabled', '2026.8': null }, false, {
    lacking: LEARNS_NOTHING,
  }),
  critical(since8('skills.workshop.autonomous.mode', null), 'off', { lacking: LEARNS_NOTHING }),
  critical(since8('gateway.nodes.allowSkills', null), false, { lacking: 'takes no skills of devices' }),
  critical('tools.profile', 'messaging'),
  plain('tools.alsoAllow', added),
  critical('tools.deny', denied, { guide: 'agents.defaults.tools.deny' }),
  critical('gateway.tools.deny', deniedOverHttp, { guide: 'gateway.tools.deny' }),
  critical('tools.fs.workspaceOnly', true),
  critical('tools.exec.security', onItsOwnHost),
  critical('tools.exec.ask', 'always'),
  critical('tools.exec.host', sandboxed('sandbox')),
  critical('tools.elevated.enabled', false),
  // `agent`, OpenClaw's own baseline, lets one person's chat read what the agent said to others.
  critical('tools.sessions.visibility', 'self'),
  critical('tools.agentToAgent.enabled', false),
  critical('cron.enabled', scheduler),
  ...SANDBOX_ROWS,
  missing(
    'tools.deny: elevated, host_exec, docker, camera',
    'no tools of these names exist; tools.elevated.enabled, tools.exec.security and group:nodes do what they meant',
  ),
];
