// Keys of `watchdog`: from where on something is told, what is healed, and who notices its silence.
import * as z from 'zod';
import { secretReference, text } from './fields.js';

const percent = (standard: number, what: string) =>
  z.number().int().min(1).max(100).default(standard).describe(`${what} Default ${standard}.`);

export const watchdog = () =>
  z.strictObject({
    heal: z
      .boolean()
      .default(true)
      .describe(
        'A container that Docker calls unhealthy is restarted, three times an hour at most; Docker itself never does that. Default true.',
      ),
    disk_percent: percent(85, 'How full a file system may be, of space and of inodes.'),
    memory_percent: percent(90, 'How much of the memory may be in use.'),
    swap_percent: percent(50, 'How much of the swap may be in use.'),
    spend_percent: percent(80, 'How much of a model’s budget may be spent.'),
    restarts: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .default(3)
      .describe('How often Docker may start a service over within an hour. Default 3.'),
    certificate_days: z
      .number()
      .int()
      .min(1)
      .max(60)
      .default(14)
      .describe('So many days before its end a certificate should have been renewed. Default 14.'),
    cooldown_minutes: z
      .number()
      .int()
      .min(5)
      .max(7 * 24 * 60)
      .default(30)
      .describe(
        'What is critical and still wrong is told again after so many minutes; the rest once a day. Default 30.',
      ),
    ping: text(secretReference)
      .optional()
      .describe(
        'Secret reference to a whole address that is called after each look, as of healthchecks.io or Uptime Kuma: it tells you when no call comes. Absent: nobody notices that the watchdog itself is gone.',
      ),
  });
