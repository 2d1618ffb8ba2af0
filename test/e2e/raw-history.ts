// Histories exactly as Temporal stores them: over gRPC, without our codec.
import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Plane } from './plane.js';

const { History } = proto.temporal.api.history.v1;

export interface Raw {
  bytes: Buffer;
  runs: number;
  events: number;
}

export async function rawHistories(plane: Plane): Promise<Raw> {
  const connection = await Connection.connect({ address: `127.0.0.1:${plane.state()?.ports?.frontend}` });
  const { workflowService } = connection;
  const chunks: Uint8Array[] = [];
  let events = 0;
  try {
    const { executions = [] } = await workflowService.listWorkflowExecutions({
      namespace: 'default',
      pageSize: 200,
    });
    for (const info of executions ?? []) {
      const execution = info.execution!;
      chunks.push(proto.temporal.api.workflow.v1.WorkflowExecutionInfo.encode(info).finish());
      for (let nextPageToken: Uint8Array | null = new Uint8Array(); nextPageToken; ) {
        const page: Awaited<ReturnType<typeof workflowService.getWorkflowExecutionHistory>> =
          await workflowService.getWorkflowExecutionHistory({
            namespace: 'default',
            execution,
            nextPageToken,
          });
        chunks.push(History.encode(page.history!).finish());
        events += page.history?.events?.length ?? 0;
        nextPageToken = page.nextPageToken?.length ? page.nextPageToken : null;
      }
    }
    return { bytes: Buffer.concat(chunks), runs: executions?.length ?? 0, events };
  } finally {
    await connection.close();
  }
}
