// Keys of `backup`: when, for how long, who may open them, and where copies of them go.
import * as z from 'zod';
import * as is from './fields.js';
import { text } from './fields.js';
import { offsite } from './schema-offsite.js';

export const backup = () =>
  z.strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('Whether backups are made, by runs and by the server itself. Default true.'),
    at: text(is.timeOfDay)
      .default('03:00')
      .describe(
        'When the server makes one by itself, HH:MM in its time zone; one that was made meanwhile counts. Default 03:00 (guide, Step 11).',
      ),
    keep_days: z
      .int()
      .min(1)
      .max(3650)
      .default(14)
      .describe(
        'Older ones are removed, never the newest, and never the last that was verified. Default 14 (guide, Step 11).',
      ),
    recipients: z
      .array(text(is.ageRecipient))
      .default([])
      .describe(
        'Public keys (`age1…`) that open backups besides the server’s own key in the vault: one on paper in a safe, say.',
      ),
    offsite: offsite()
      .optional()
      .describe('Copies elsewhere, for the day on which the server’s disk is gone too. Absent: none.'),
  });
