// A run over several servers, as Temporal keeps it: one workflow that begins theirs.
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { FleetInput } from '../model.js';
import { FLEET } from '../workflows/catalog.js';
import { fleetId, speakable } from '../workflows/messages.js';
import type { RunSummary } from './control.js';

export async function startFleet(client: Client, taskQueue: string, input: FleetInput): Promise<RunSummary> {
  const { runbook, who } = input;
  const workflowId = fleetId(randomUUID().slice(0, 8));
  const startedAt = new Date().toISOString();
  const { firstExecutionRunId: runId } = await client.workflow.start('fleet', {
    workflowId,
    taskQueue,
    args: [input],
    memo: { server: FLEET, runbook, who, startedAt },
    searchAttributes: { ClincherServer: [FLEET], ClincherRunbook: [runbook] },
    workflowIdConflictPolicy: 'FAIL',
    staticSummary: `${runbook} · ${input.inputs.length} servers`,
  });
  const run = speakable(FLEET, runId);
  return { run, workflowId, runId, server: FLEET, runbook, status: 'running', who, startedAt };
}
