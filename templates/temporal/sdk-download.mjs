// Makes the SDK fetch a server into a folder by its own mechanism: sdk-download.mjs cli|test-server <folder>.
// A process of its own, since a download that hangs can only be ended from outside.
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';

const [kind, downloadDir] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('ERROR') });
const server = { executable: { type: 'cached-download', downloadDir, ttl: '365 days' } };
try {
  const env =
    kind === 'cli'
      ? await TestWorkflowEnvironment.createLocal({ server })
      : await TestWorkflowEnvironment.createTimeSkipping({ server });
  await env.teardown();
} catch (error) {
  process.stderr.write(`${String(error.message).split('\n')[0]}\n`);
  process.exit(1);
}
process.exit(0);
