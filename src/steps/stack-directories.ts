// stack.directories: the stack's folders, each for whoever writes there: the deploy user, or a service's own user.
import { type FolderWant, folderChange, folders } from '../commands/files.js';
import type { Server } from '../model.js';
import { hasFilebrowser } from '../stack/convenience.js';
import { sandboxFolders } from '../stack/docker-door.js';
import { PASSWORD_FOLDER } from '../stack/filebrowser.js';
import { DOOR_USER } from '../stack/metrics-door.js';
import { GATEWAY_USER } from '../stack/services-gateway.js';
import { CACHE_USER } from '../stack/services-models.js';
import { isWatched } from '../stack/watched.js';
import { defineStep } from './define.js';
import { runsStack } from './stack-file-step.js';

/** Those of base.directories are there already; of a partition, whose folder is below the server's, there is none. */
const ours = ({ stack }: Server): string[] => [
  ...(stack.partition === undefined ? [] : ['', '/config']),
  ...['/build', '/build/smokescreen', '/secrets'],
];

const dirname = (path: string): string => path.replace(/\/[^/]*$/, '');

/** Around the folders of partitions. */
const around = ({ ssh, stack }: Server): FolderWant[] =>
  stack.partition === undefined
    ? []
    : [{ path: dirname(stack.directory), mode: '0700', owner: ssh.user, group: ssh.user }];

const users = (want: Server): FolderWant[] => [...around(want), ...below(want, ours(want), want.ssh.user)];
const gateways = ['/data', '/data/workspace', '/data/logs', '/secrets/openclaw'];
/** Without capabilities even root cannot write into another's folder, so Redis has one that is its own. */
const caches = ['/cache'];

/** Places to mount on too: what Docker has to make for that would be root's. */
const sandboxes = (want: Server): string[] =>
  want.openclaw.sandbox === 'docker'
    ? [...new Set(sandboxFolders(want).flatMap(({ source, inGateway }) => [source, inGateway]))]
    : [];

const below = ({ stack: { directory } }: Server, names: readonly string[], owner: string): FolderWant[] =>
  names.map((name) => ({ path: `${directory}${name}`, mode: '0700', owner, group: owner }));

/** By number: inside a container a user is one, whatever the host calls it. */
const numbered = (want: Server): FolderWant[] => [
  ...below(want, gateways, GATEWAY_USER),
  ...below(want, caches, CACHE_USER),
  ...(hasFilebrowser(want) ? below(want, [`/${PASSWORD_FOLDER}`], GATEWAY_USER) : []),
  ...(isWatched(want) ? below(want, ['/secrets/metrics'], DOOR_USER) : []),
  // Root's own around them: nobody but the containers comes to what a tool has made.
  ...(sandboxes(want).length > 0 ? below(want, ['/sandbox'], '0') : []),
  ...sandboxes(want).map((path) => ({ path, mode: '0700', owner: GATEWAY_USER, group: GATEWAY_USER })),
];

const paths = (wanted: readonly FolderWant[]): string[] => wanted.map(({ path }) => path);

export const stackDirectories = defineStep({
  id: 'stack.directories',
  title: 'Folders of data, configuration and secrets belong to who uses them',
  why: 'Services run without any capability: where a folder is not their own they cannot write, and where others may read, they do.',
  source: 'guide Step 3; docs.openclaw.ai/install/docker',
  after: [],
  wanted: runsStack,
  facts: (want) => ({
    ours: folders(paths(users(want))),
    numbered: folders(paths(numbered(want)), { numeric: true }),
  }),
  plan: (now, want) => [
    ...users(want).flatMap((each) => folderChange(now.ours.get(each.path), each)),
    ...numbered(want).flatMap((each) => folderChange(now.numbered.get(each.path), each)),
  ],
});
