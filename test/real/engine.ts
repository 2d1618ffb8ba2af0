// A real Temporal server of a test file's own, and workers with fake activities on it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll } from 'vitest';
import type { Control } from '../../src/client/control.js';
import { temporalControl } from '../../src/client/temporal-control.js';
import { connect } from '../../src/temporal/connection.js';
import { down, ensureUp } from '../../src/temporal/control-plane.js';
import { dataConverter } from '../../src/temporal/data-converter.js';
import { connectNative } from '../../src/temporal/native-connection.js';
import { failureConverterPath } from '../../src/temporal/paths.js';
import type { Fakes } from '../workflows/harness.js';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

export interface Engine {
  home: string;
  /** Once the server is there. */
  control(): Control;
  /** A worker for as long as `act` takes. */
  withWorker<T>(fakes: Fakes, act: () => Promise<T>): Promise<T>;
}

export function useEngine(name: string): Engine {
  const home = mkdtempSync(join(tmpdir(), `clincher-${name}-`));
  const taskQueue = `${name}-test`;
  let control: Control;
  let bundle: WorkflowBundle;
  let native: Awaited<ReturnType<typeof connectNative>>;

  beforeAll(async () => {
    for (const each of ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE']) delete process.env[each];
    Object.assign(process.env, {
      TEMPORAL_CONFIG_FILE: join(home, 'none.toml'),
      CLINCHER_HOME: home,
      CLINCHER_WORKER_ENTRY: here('./control-plane-worker.ts'),
    });
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    await ensureUp({ say: () => {} });
    control = temporalControl({ ...(await connect()), taskQueue });
    native = await connectNative();
    bundle = await bundleWorkflowCode({
      workflowsPath: here('../../src/workflows/index.ts'),
      failureConverterPath: failureConverterPath(),
      logger: new DefaultLogger('ERROR'),
    });
  });

  afterAll(async () => {
    await control?.close();
    await native?.connection.close();
    await down({ say: () => {} });
    rmSync(home, { recursive: true, force: true });
  });

  return {
    home,
    control: () => control,
    async withWorker({ activities }, act) {
      const worker = await Worker.create({
        connection: native.connection,
        taskQueue,
        workflowBundle: bundle,
        activities,
        dataConverter: dataConverter(),
        maxHeartbeatThrottleInterval: 200,
      });
      return worker.runUntil(act);
    },
  };
}

export async function at<T>(look: () => Promise<T>, isIt: (seen: T) => boolean, most = 200): Promise<T> {
  for (let tries = 0; tries < most; tries++) {
    const seen = await look();
    if (isIt(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it never came to that');
}
