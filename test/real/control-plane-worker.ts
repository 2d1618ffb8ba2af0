// The worker of control-plane.test.ts, started by the supervisor in place of ours.
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { dataConverter } from '../../src/temporal/data-converter.js';
import { connectNative } from '../../src/temporal/native-connection.js';

Runtime.install({ logger: new DefaultLogger('WARN') });
const { connection, namespace } = await connectNative();
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: 'control-plane-test',
  dataConverter: dataConverter(),
  workflowsPath: fileURLToPath(new URL('./control-plane-workflows.ts', import.meta.url)),
  activities: {
    greet: async (name: string) => {
      if (name === 'nobody') throw new Error('the secret-marker is in this failure');
      return `hello ${name}`;
    },
  },
});
await worker.run();
