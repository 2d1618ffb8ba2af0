import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { runSinks } from '../../src/worker-traces.js';
import { HISTORIES } from './histories.js';

const files = readdirSync(HISTORIES);
let bundle: WorkflowBundle;

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
  bundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
});

describe('a run in flight goes on with this code', () => {
  it('has histories of every runbook', () => {
    const recorded = new Set(files.map((file) => file.split(/[@-]/)[0]));
    expect([...recorded].sort()).toEqual([
      ...[
        'adoption',
        'alerts',
        'backup',
        'control',
        'diagnose',
        'discover',
        'doctor',
        'dr',
        'drift',
        'egress',
        'failback',
        'failover',
        'fleet',
        'harden',
        'heal',
        'member',
        'memory',
        'monitoring',
        'offsite',
        'pairing',
        'partition',
        'plan',
      ],
      ...[
        'provision',
        'prune',
        'queued',
        'reboot',
        'recover',
        'redteam',
        'restore',
        'rotate',
        'scan',
        'scheduled',
        'smoke',
        'soak',
      ],
      ...['stage', 'upgrade', 'verify', 'watch', 'watchdog'],
    ]);
  });

  it.each(files)('%s', async (file) => {
    const history = historyFromJSON(JSON.parse(readFileSync(`${HISTORIES}/${file}`, 'utf8')));
    await Worker.runReplayHistory({ workflowBundle: bundle, sinks: runSinks(undefined) }, history);
  });

  it('notices when an activity is gone from a history, so it can notice anything', async () => {
    const history = JSON.parse(
      readFileSync(`${HISTORIES}/${files.find((file) => file.startsWith('provision-first'))}`, 'utf8'),
    );
    for (const event of history.events) {
      const scheduled = event.activityTaskScheduledEventAttributes;
      if (scheduled?.activityType.name === 'preflight') scheduled.activityType.name = 'somethingElse';
    }
    await expect(
      Worker.runReplayHistory(
        { workflowBundle: bundle, sinks: runSinks(undefined) },
        historyFromJSON(history),
      ),
    ).rejects.toThrow(/[Nn]ondeterminism/);
  });
});
