// Keys of `partitions`: further gateways on one server, each with a bot, a state and secrets of its own.
import * as z from 'zod';
import { text } from './fields.js';
import * as is from './fields-stack.js';
import { channels } from './schema-channels.js';
import { limits } from './schema-stack.js';

const partition = () =>
  z.strictObject({
    proxy_subnet: text(is.proxySubnet).describe(
      'Its own network for a way in, as `stack.proxy_subnet` is the server’s; `clincher run partition --add` chooses a free one.',
    ),
    channels: channels('<partition>_')
      .prefault({})
      .describe('How people talk to it: as the server’s `channels`, with a bot of its own.'),
    rules: z
      .array(text(is.reason))
      .default([])
      .describe('More rules for its own SOUL.md, a sentence each, after those of the server.'),
    limits: limits().describe('Limits of single services of it, in place of the server’s.'),
  });

export const partitions = () => z.record(text(is.partitionName), partition().describe('This partition.'));
