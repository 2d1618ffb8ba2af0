// /etc/profile.d/openclaw.sh: words that a tired person remembers, for commands that the software really has.
import type { Server } from '../model.js';
import { hasUploads, UPLOADS } from './convenience.js';

export const SHORTCUTS_FILE = '/etc/profile.d/openclaw.sh';
export const SHORTCUTS_MARK = '# Shortcuts for OpenClaw on this server. Written by clincher';

export interface Shortcut {
  name: string;
  /** What it shows or does, for `oc-help`. */
  what: string;
  /** What is typed after the shortcut comes after it. `$OC` is compose in the stack's folder. */
  run: string;
}

const openclaw = (words: string): string => `docker exec openclaw openclaw ${words}`;
/** With a terminal where there is one: the same word works in a script. */
const inside = (container: string, words: string): string =>
  `docker exec -i $([ -t 0 ] && echo -t) ${container} ${words}`;

const LOOK: readonly Shortcut[] = [
  { name: 'status', what: 'containers, and what each takes', run: '$OC ps; docker stats --no-stream' },
  {
    ...{ name: 'health', what: 'how each service says it is' },
    run: '$OC ps --all --format "table {{.Service}}\\t{{.Status}}"',
  },
  {
    name: 'doctor',
    what: 'what OpenClaw finds wrong with itself',
    run: openclaw('doctor --non-interactive'),
  },
  { name: 'audit', what: 'OpenClaw’s security audit', run: openclaw('security audit --deep') },
  { name: 'sandbox', what: 'what tools may do, and where', run: openclaw('sandbox explain') },
  { name: 'usage', what: 'what models have cost', run: openclaw('gateway usage-cost') },
  { name: 'memory', what: 'searches the memory: oc-memory WORDS', run: openclaw('memory search') },
  { name: 'memory-index', what: 'how the index of the memory is', run: openclaw('memory status') },
  { name: 'config', what: 'is OpenClaw’s configuration valid', run: openclaw('config validate') },
  { name: 'config-get', what: 'one setting: oc-config-get gateway.bind', run: openclaw('config get') },
];

const LOGS: readonly Shortcut[] = [
  { name: 'logs', what: 'the last 100 lines of each service', run: '$OC logs --tail 100' },
  { name: 'logs-follow', what: 'the same as they come', run: '$OC logs --tail 50 -f' },
  { name: 'logs-gw', what: 'of the gateway', run: '$OC logs --tail 100 openclaw' },
  { name: 'logs-llm', what: 'of the model proxy', run: '$OC logs --tail 100 litellm' },
  { name: 'logs-egress', what: 'of the egress proxy', run: '$OC logs --tail 100 openclaw-egress' },
];

const DO: readonly Shortcut[] = [
  { name: 'restart', what: 'restarts the gateway alone', run: '$OC restart openclaw' },
  { name: 'restart-all', what: 'restarts every service', run: '$OC restart' },
  { name: 'stop', what: 'stops every service', run: '$OC stop' },
  { name: 'start', what: 'starts them, and waits until they are healthy', run: '$OC up -d --wait' },
  { name: 'shell', what: 'a shell in the gateway', run: inside('openclaw', 'sh') },
  {
    ...{ name: 'redis', what: 'redis-cli, logged in: oc-redis INFO' },
    run: inside('openclaw-redis', `sh -c 'REDISCLI_AUTH=$REDIS_PASSWORD exec redis-cli "$@"' sh`),
  },
];

const disk = ({ stack: { directory } }: Server): Shortcut => ({
  ...{ name: 'disk', what: 'how full the disk is, and of what' },
  run: `df -h ${directory}; sudo du -xsh ${directory}/*`,
});

/** Of what this server has. */
export const shortcuts = (server: Server): Shortcut[] => [
  ...LOOK,
  disk(server),
  ...LOGS,
  ...DO,
  ...(server.backup.enabled && server.role === 'primary'
    ? [{ name: 'backup', what: 'makes a backup now', run: 'sudo systemctl start clincher-backup.service' }]
    : []),
  ...(hasUploads(server)
    ? [{ name: 'uploads', what: 'the shared files', run: `ls -lah ${server.stack.directory}/${UPLOADS}/` }]
    : []),
];

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The folder's .env names the compose files, overlays included, so no word here does. */
const compose = ({ stack: { directory } }: Server): string => `env -C ${directory} docker compose`;

/** `oc-help` reads the comments. */
const lines = (server: Server, { name, what, run }: Shortcut): string =>
  `# oc-${name.padEnd(14)}${what}\nalias oc-${name}=${quoted(run.replaceAll('$OC', compose(server)))}\n`;

export const shortcutsText = (server: Server): string => `${SHORTCUTS_MARK} (convenience.shortcuts).
# Nothing here changes a setting: that would be undone. Edit clincher.yaml, then clincher run provision.
# The words in an alias are those of the shell that it starts.
# shellcheck shell=sh disable=SC2142
alias oc-help="sed -n 's/^# oc-/oc-/p' ${SHORTCUTS_FILE}"
${shortcuts(server)
  .map((each) => lines(server, each))
  .join('')}`;
