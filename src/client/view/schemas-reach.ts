// The JSON documents of commands that go straight to a server.
import * as z from 'zod';

const id = (name: string) => z.literal(`clincher.${name}/1`);

const dayUse = z.object({
  day: z.string().describe('2026-11-28, UTC.'),
  model: z.string(),
  usd: z.number(),
  calls: z.int(),
  cached: z.int().describe('Of these, answered from the cache.'),
  inputTokens: z.int(),
  outputTokens: z.int(),
});

const modelUse = dayUse.omit({ day: true }).extend({
  budget: z
    .object({ spentUsd: z.number(), usd: z.number(), period: z.string() })
    .optional()
    .describe('In its own period, as LiteLLM counts it. Absent: it is not configured any more.'),
});

export const REACH_SCHEMAS = {
  exec: z.object({
    schema: id('exec'),
    server: z.string(),
    command: z.array(z.string()),
    exitCode: z.int().describe('128 and the number of the signal, where one ended it.'),
    stdout: z.string(),
    stderr: z.string(),
    isWhole: z.boolean().describe('False: it said more than 4 MiB, and the rest is not here.'),
    ms: z.number(),
  }),
  cp: z.object({
    schema: id('cp'),
    server: z.string(),
    from: z.string(),
    to: z.string().describe('Where it is now; `<server>:<path>` where that is there.'),
    bytes: z.int().describe('Of the archive that it travelled in.'),
  }),
  top: z.object({
    schema: id('top'),
    server: z.string(),
    load: z.array(z.number()).describe('Of one, five and fifteen minutes.'),
    processors: z.int(),
    upSeconds: z.int(),
    memory: z.object({
      totalBytes: z.int(),
      usedPercent: z.number(),
      swapPercent: z.number().optional().describe('Absent: there is no swap.'),
    }),
    disks: z.array(z.object({ mount: z.string(), usedPercent: z.number(), freeBytes: z.number() })),
    containers: z.array(
      z.object({
        name: z.string(),
        status: z.string().describe('As Docker says it: `Up 2 hours (healthy)`.'),
        cpuPercent: z.number().describe('Of one processor.'),
        memoryBytes: z.number(),
        limitBytes: z.number().describe('0: it has none.'),
        processes: z.int(),
      }),
    ),
  }),
  open: z.object({
    schema: id('open'),
    server: z.string(),
    url: z.string(),
    link: z.string().describe('Logs in whoever opens it first, once, within two minutes.'),
  }),
  'service-log': z.object({ schema: id('service-log'), service: z.string(), line: z.string() }),
  usage: z.object({
    schema: id('usage'),
    servers: z.array(
      z.object({
        server: z.string(),
        partition: z.string().optional(),
        days: z.array(z.string()).describe('Every one that was asked for, the oldest first.'),
        models: z.array(modelUse),
        byDay: z.array(dayUse).describe('Days without a call are not here.'),
        totalUsd: z.number(),
      }),
    ),
  }),
};
