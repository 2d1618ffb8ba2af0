// `clincher run control-plane`: what must be so before everything is handed over, and what clincher.yaml is to say there.
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Value, valueIn, withValue } from '../../config/edit.js';
import { type Config, parseConfig, resolveServer, serverNames } from '../../config/load.js';
import { lockPath } from '../../config/lock.js';
import { contains, parseNetwork } from '../../config/network.js';
import { secretUses } from '../../config/secret-refs.js';
import { ClincherError } from '../../errors.js';
import type { CarriedKey, Move, Server } from '../../model.js';
import { recipientsOf } from '../../secrets/identity.js';
import { CONTROL_HOME } from '../../stack/control.js';
import type { Runbook } from '../../workflows/catalog.js';

const isMove = ({ name }: Runbook): boolean => name === 'control-plane';

/** Known before anything is written or contacted. */
export function checkControlPlane(config: Config, book: Runbook, servers: readonly Server[]): void {
  if (!isMove(book)) return;
  const [server, ...more] = servers;
  if (server === undefined || more.length > 0)
    throw new ClincherError('USAGE', 'A control plane is of one server.', {
      remedy: ['clincher run control-plane -s <monitor>'],
    });
  mustBeMonitor(server);
  if (server.control === undefined)
    throw new ClincherError('NO_WORKER_IMAGE', `${config.path}: control_plane.image is not set.`);
  for (const each of everyServer(config)) {
    mustBeCarried(config, each);
    mustLetIn(each, server);
  }
}

function mustBeMonitor({ name, role }: Server): void {
  if (role === 'monitor') return;
  const why =
    role === 'standby'
      ? 'takes a primary’s place: on that day it would be busy with itself, and whoever is to fail over may be down with it'
      : 'is one of those that a control plane repairs and fails over: it would be away when it is needed';
  throw new ClincherError('USAGE', `${name} ${why}.`, {
    remedy: [
      'in clincher.yaml, a server of its own with `role: monitor`',
      'clincher run control-plane -s <monitor>',
    ],
  });
}

/** What is read on this machine alone would not be found there. */
function mustBeCarried({ path }: Config, server: Server): void {
  const { name, ssh, failover } = server;
  if (ssh.identity_file === undefined)
    throw new ClincherError(
      'USAGE',
      `${path}: servers.${name} has no ssh.identity_file: workers there have no SSH agent.`,
      {
        remedy: [
          'ssh-keygen -t ed25519 -f ~/.ssh/clincher',
          `clincher run rotate-ssh -s ${name} --key ~/.ssh/clincher`,
        ],
      },
    );
  const here = secretUses(server).find(({ ref }) => !ref.startsWith('secret://'));
  if (here !== undefined)
    throw new ClincherError(
      'USAGE',
      `${path}: servers.${name}.${here.path} is read on this machine (${here.ref.split(':')[0]}:), and would not be found there.`,
      {
        remedy: [
          `clincher secrets set ${here.path.split('.').at(-1)} -s ${name}`,
          'and refer to it as secret://…',
        ],
      },
    );
  if (failover?.fence_command !== undefined)
    throw new ClincherError(
      'USAGE',
      `${path}: servers.${name}.failover.fence_command is a program of this machine, and would not be found there.`,
      { remedy: ['take it out, or put it into an image of your own'] },
    );
}

function mustLetIn({ name, ssh, tailscale }: Server, monitor: Server): void {
  const from = parseNetwork(monitor.address);
  // A name says nothing of where it comes from: the run that is begun there will.
  if (from === undefined || name === monitor.name || tailscale.ssh_only) return;
  const admitted = ssh.admin_addresses.map(parseNetwork);
  if (admitted.some((network) => network !== undefined && contains(network, from))) return;
  throw new ClincherError(
    'USAGE',
    `${name} lets nobody in who comes from ${monitor.name} (${monitor.address}): ssh.admin_addresses lacks it.`,
    {
      remedy: [
        `add ${monitor.address} to servers.${name}.ssh.admin_addresses`,
        `clincher run harden -s ${name}`,
      ],
    },
  );
}

const everyServer = (config: Config): Server[] =>
  serverNames(config).map((name) => resolveServer(config, name));

/** Read at the start of the run: what was locked a moment before goes too. */
export async function controlMove(config: Config, book: Runbook): Promise<(() => Move) | undefined> {
  if (!isMove(book)) return undefined;
  const { recipients: named, identity } = config.secrets;
  const recipients = named.length > 0 ? named : await recipientsOf(identity);
  const servers = everyServer(config);
  const keys = carriedKeys(servers);
  const text = movedText(readFileSync(config.path, 'utf8'), servers, keys);
  parseConfig(text, `${CONTROL_HOME}/clincher.yaml`);
  const lock = lockPath(config.path);
  return () => ({
    ...{ servers, owner: config.path, config: text, keys, recipients },
    lock: existsSync(lock) ? readFileSync(lock, 'utf8') : '',
  });
}

/** Each file once; of two that are called the same, the second gets a number. */
export function carriedKeys(servers: readonly Server[]): CarriedKey[] {
  const files = [...new Set(servers.flatMap(({ ssh }) => ssh.identity_file ?? []))];
  const taken = new Set<string>();
  return files.map((from) => {
    let name = basename(from);
    for (let n = 2; taken.has(name); n += 1) name = `${basename(from)}-${n}`;
    taken.add(name);
    return { from, to: `${CONTROL_HOME}/keys/${name}` };
  });
}

const HERE_ALONE: readonly (readonly string[])[] = [
  ...['address', 'namespace', 'profile', 'task_queue'].map((key) => ['control_plane', key]),
  ['secrets', 'vault'],
  ['secrets', 'identity'],
];

/** As a person wrote it, but for paths of this machine: there the keys lie beside it, and Temporal is named by its environment. */
export function movedText(text: string, servers: readonly Server[], keys: readonly CarriedKey[]): string {
  const edits: [readonly string[], Value | undefined][] = [
    ...HERE_ALONE.filter((path) => valueIn(text, path) !== undefined).map(
      (path): [readonly string[], undefined] => [path, undefined],
    ),
    ...servers
      // A standby is as its primary is.
      .filter(({ standby_for }) => standby_for === undefined)
      .map(({ name, ssh }): [readonly string[], Value | undefined] => [
        ['servers', name, 'ssh', 'identity_file'],
        keys.find(({ from }) => from === ssh.identity_file)?.to,
      ]),
  ];
  return edits.reduce((now, [path, value]) => withValue(now, path, value), text);
}
