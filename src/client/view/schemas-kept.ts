// The documents that tell of backups, drills and alerts, as Zod schemas.
import * as z from 'zod';

const id = (name: string) => z.literal(`clincher.${name}/1`);
const iso = z.iso.datetime();

export const backup = z.object({
  id: z.string().describe('When it was begun, UTC.'),
  bytes: z.number().optional().describe('Of the encrypted archive; absent: there is none.'),
  manifest: z
    .object({
      format: z.literal('clincher.backup/1'),
      id: z.string(),
      server: z.string(),
      key: z.string().describe('Of the run that asked for it; `timer-…`: the server by itself.'),
      made: iso,
      sha256: z.string().describe('Of the encrypted archive.'),
      bytes: z.number(),
      contentBytes: z.number(),
      pauseMs: z.number().describe('How long gateway and cache stood still.'),
      tookMs: z.number(),
      stack: z.string(),
      paths: z.array(z.string()),
      images: z.array(z.object({ service: z.string(), image: z.string(), id: z.string() })),
      recipients: z.array(z.string()),
      hostname: z.string().optional(),
      os: z.string(),
      docker: z.string(),
    })
    .optional()
    .describe('Absent: it is not whole.'),
  verified: z
    .object({ at: iso, entries: z.number(), tookMs: z.number() })
    .optional()
    .describe('When it was last read to its end.'),
  offsite: z
    .object({
      at: iso,
      sha256: z.string(),
      where: z.string(),
      differed: iso.optional().describe('When it was seen not to be what had been sent.'),
    })
    .optional()
    .describe('When its copy elsewhere was last read back.'),
});

const copy = z.object({
  id: z.string().describe('Of the backup.'),
  bytes: z.number().optional().describe('Of the archive there; absent: there is none.'),
  isWhole: z.boolean().describe('Archive and manifest are there, as large as the server knows them.'),
  isHere: z.boolean().describe('False: the backup is only there.'),
  comparedAt: iso
    .optional()
    .describe('When it was last read back, and its SHA-256 was that of the manifest.'),
});

const alert = z.object({
  key: z.string().describe('The same for as long as it is the same: `watch.disk:/var`.'),
  level: z.enum(['warning', 'critical']),
  text: z.string(),
  remedy: z.array(z.string()),
  since: iso,
  seen: z.number().describe('Looks in a row in which it was seen.'),
  unseen: z.number().describe('Looks in a row in which it was not; after two it is over.'),
  looks: z.number().describe('It is told from that look on.'),
  saidAt: iso.optional().describe('When people were last told.'),
});

export const KEPT_SCHEMAS = {
  backups: z.object({
    schema: id('backups'),
    servers: z.array(
      z.object({
        server: z.string(),
        backups: z.array(backup),
        offsite: z
          .object({ where: z.string().describe('The far end.'), copies: z.array(copy) })
          .optional()
          .describe('With --offsite, as the far end lists them.'),
      }),
    ),
  }),
  alerts: z.object({
    schema: id('alerts'),
    servers: z
      .array(
        z.object({
          server: z.string(),
          at: iso.describe('When it was last looked at.'),
          everyMs: z.number().optional(),
          alerts: z.array(alert),
          deaf: z
            .array(z.object({ channel: z.string(), why: z.string(), since: iso }))
            .describe('Alert channels that take nothing at the moment.'),
          pingFailed: z.string().optional().describe('Why watchdog.ping was not reached.'),
        }),
      )
      .describe('Those that were ever looked at.'),
  }),
  'alerts-test': z.object({
    schema: id('alerts-test'),
    channels: z.array(
      z.object({
        servers: z.array(z.string()).describe('Those that use it.'),
        channel: z.string(),
        ok: z.boolean(),
        why: z.string().optional().describe('What it said where it did not take it.'),
      }),
    ),
  }),
  drills: z.object({
    schema: id('drills'),
    servers: z.array(
      z.object({
        server: z.string(),
        drills: z.array(
          z.object({
            at: iso,
            run: z.string(),
            backup: z.string(),
            contentBytes: z.number().optional(),
            restoreMs: z.number().optional().describe('Absent: it did not come so far.'),
            bootMs: z.number().optional().describe('From the start of the container until it was ready.'),
            recovery: z
              .object({
                rpoMs: z.number().optional().describe('How old the backup was. Absent: there was none.'),
                rtoMs: z.number().optional().describe('Absent: it did not come to a proved gateway.'),
                phases: z.array(z.object({ name: z.string(), ms: z.number() })),
              })
              .optional()
              .describe('Of a drill of the whole recovery, on a standby.'),
            version: z.string().optional(),
            failed: z.array(z.string()).describe('Checks that did not hold, or the code of what ended it.'),
          }),
        ),
        recoveryMs: z.number().optional().describe('Of the newest: restored and ready.'),
        medianBeforeMs: z.number().optional().describe('Of those before it.'),
        rtoMs: z.number().optional().describe('Of the newest drill of the whole recovery.'),
        medianRtoBeforeMs: z.number().optional().describe('Of those before it.'),
      }),
    ),
  }),
};
