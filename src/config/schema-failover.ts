// Keys of `failover`: what keeps the old server from answering while its standby does.
import * as z from 'zod';
import * as is from './fields.js';
import { text } from './fields.js';

export const failover = () =>
  z.strictObject({
    fence_command: text(is.commandLine)
      .optional()
      .describe(
        'What cuts the old server off where it cannot be reached by SSH: a program and its words, run by the worker without a shell, that ends with 0 once the server is off; the command line of its provider, say. It finds CLINCHER_FENCE_SERVER and CLINCHER_FENCE_ADDRESS in its environment. Absent: a person is asked.',
      ),
    fence_timeout_seconds: z
      .int()
      .min(5)
      .max(3600)
      .default(120)
      .describe('How long it may take. Default 120.'),
  });
