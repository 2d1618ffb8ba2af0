// stack.directories: the stack's folders, each for whoever writes there: the deploy user, or the gateway's own user.
import { folderChange, folders } from '../commands/files.js';
import type { Server } from '../model.js';
import { defineStep } from './define.js';
import { runsStack } from './stack-file-step.js';

/** User `node` of the official image; the host may call 1000 by another name, or by none. */
export const GATEWAY_UID = '1000';

/** Those of base.directories are there already. */
const ours = ['/build', '/build/smokescreen', '/secrets'];
const gateways = ['/data', '/data/workspace', '/data/logs', '/secrets/openclaw'];

const below = ({ stack: { directory } }: Server, names: readonly string[], owner: string) =>
  names.map((name) => ({ path: `${directory}${name}`, mode: '0700', owner, group: owner }));

export const stackDirectories = defineStep({
  id: 'stack.directories',
  title: 'Folders of data, configuration and secrets belong to who uses them',
  why: 'The gateway runs as user 1000 without any capability: where a folder is not its own it cannot write, and where others may read, they do.',
  source: 'guide Step 3; https://docs.openclaw.ai/install/docker',
  after: [],
  wanted: runsStack,
  facts: (want) => ({
    ours: folders(below(want, ours, '').map(({ path }) => path)),
    gateways: folders(
      below(want, gateways, '').map(({ path }) => path),
      { numeric: true },
    ),
  }),
  plan: (now, want) => [
    ...below(want, ours, want.ssh.user).flatMap((each) => folderChange(now.ours.get(each.path), each)),
    ...below(want, gateways, GATEWAY_UID).flatMap((each) => folderChange(now.gateways.get(each.path), each)),
  ],
});
