// `clincher top`: what a server and its containers use now, looked at again every two seconds where a person is looking.
import { fileSystems, memoryNow } from '../../commands/host-load.js';
import { hostUse } from '../../commands/host-top.js';
import type { Server } from '../../model.js';
import type { Command, Deps } from '../deps.js';
import type { Io } from '../io.js';
import { isJson } from '../options.js';
import type { Reach } from '../reach.js';
import { leavable, type ReachOptions, reaching, serverToReach } from '../reaching.js';
import { document, print } from '../view/json.js';
import { answering } from '../view/style.js';
import { type Top, topView } from '../view/top.js';

export interface TopOptions extends ReachOptions {
  once?: boolean;
}

const PAUSE_MS = 2_000;
const CLEAR = '\u001b[2J\u001b[H';

export const top: Command<TopOptions> = async (io, options, deps) => {
  const reached = serverToReach(io, options);
  return reaching(io, deps, reached, { act: 'top' }, async (reach) => {
    const look = (): Promise<Top> => topOf(reach, reached.server);
    if (isJson(options)) io.out(print(document('top', await look())));
    else if (options.once || !io.outIsTTY) io.out(shown(io, await look()));
    else await watch(io, deps, look);
    return 0;
  });
};

async function topOf(reach: Reach, { name, stack }: Server): Promise<Top> {
  const facts = { use: hostUse, memory: memoryNow, disks: fileSystems(stack.directory) };
  const { use, memory, disks } = await reach.read(facts);
  return {
    ...{ server: name, ...use, memory },
    disks: disks.map(({ mount, usedPercent, freeBytes }) => ({ mount, usedPercent, freeBytes })),
  };
}

const shown = (io: Io, found: Top): string => `${topView(found, answering(io)).join('\n')}\n`;

const watch = (io: Io, deps: Deps, look: () => Promise<Top>): Promise<void> =>
  leavable(io, async (leave) => {
    const left = new Promise<void>((resolve) => leave.addEventListener('abort', () => resolve()));
    while (!leave.aborted) {
      io.out(`${CLEAR}${shown(io, await look())}`);
      await Promise.race([deps.sleep(PAUSE_MS), left]);
    }
  });
