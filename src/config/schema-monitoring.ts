// Keys of `monitoring`: the first half for servers that are watched, the second for the one that watches.
import * as z from 'zod';
import * as is from './fields.js';
import { text } from './fields.js';
import * as stackIs from './fields-stack.js';
import { port } from './schema-ssh.js';

export const monitoring = () =>
  z.strictObject({
    monitor: text(is.serverName)
      .optional()
      .describe(
        'Name of the server with `role: monitor` that watches this one; under `defaults` it holds for all. Absent: nobody watches it.',
      ),
    port: port()
      .default(9443)
      .describe(
        'Port on the watched server by which its figures are read: TLS, a token, and the monitor alone. Default 9443.',
      ),
    address: text(is.address)
      .optional()
      .describe(
        'Where the monitor finds the watched server, such as in a private network. Default: `address`.',
      ),
    from: z
      .array(text(is.network))
      .default([])
      .describe(
        'Where the monitor comes from, as the watched server sees it. Default: the monitor’s `address`.',
      ),
    directory: text(stackIs.folder)
      .default('/opt/monitoring')
      .describe('On the monitor: its folder. Default /opt/monitoring.'),
    retention_days: z
      .int()
      .min(1)
      .max(3650)
      .default(30)
      .describe('On the monitor: how long figures are kept. Default 30.'),
    grafana: z
      .boolean()
      .default(true)
      .describe('On the monitor: whether Grafana shows dashboards. Default true.'),
    uptime_kuma: z
      .boolean()
      .default(true)
      .describe('On the monitor: whether Uptime Kuma looks at the gateways too. Default true.'),
    worker: text(is.hostAndPort)
      .optional()
      .describe(
        'On the monitor: where a worker of clincher on it tells its own figures (`clincher worker --metrics 127.0.0.1:9464`).',
      ),
  });
