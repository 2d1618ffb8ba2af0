// fenceReturn: waits for an old server that could not be reached, for as long as it takes, and stops it before it serves anybody.
import { uuid4, workflowInfo } from '@temporalio/workflow';
import type { Server } from '../model.js';
import { reads, tells, waits } from './activities.js';

export interface FenceReturnInput {
  /** The old server, where it was. */
  server: Server;
  /** Address of the one that goes on. */
  to: string;
  run: string;
  who: string;
}

export async function fenceReturn({ server, to, run, who }: FenceReturnInput): Promise<void> {
  const key = `${workflowInfo().runId}.${uuid4().slice(0, 8)}`;
  const { changes } = await waits.fenceWhenBack({ server, to, run, who, task: 'fence.return', key });
  await reads.release({ server, run }).catch(() => {});
  const lines = changes.map(({ what }) => what);
  await tells.tell({
    server,
    notice: {
      server: server.name,
      level: 'warning',
      title: `the old server at ${server.address} is back, and was stopped`,
      lines: [
        ...lines,
        `${to} goes on in its place, by run ${run}`,
        'make it the standby: clincher run stage-standby',
      ],
    },
  });
}
