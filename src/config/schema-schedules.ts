// Keys of `schedules`: which runbooks start by themselves, and when.
import * as z from 'zod';
import { text } from './fields.js';
import * as is from './fields-stack.js';

const when = (cron: string, what: string) =>
  text(is.cronOrOff).default(cron).describe(`${what} Cron of five fields, or \`off\`. Default \`${cron}\`.`);

export const schedules = () =>
  z.strictObject({
    timezone: text(is.timeZone).default('UTC').describe('Time zone of the times below. Default UTC.'),
    verify: when('0 6 * * *', 'That everything is as it was proved.'),
    'drift-report': when('0 7 * * 1', 'What differs, and what of it was accepted (guide, Step 13).'),
    'scan-images': when('0 5 * * 0', 'Known holes in the images that run (guide, Step 3).'),
    'verify-backup': when('30 3 * * 0', 'The newest backup, read to its end (guide, Step 13.10).'),
    'restore-drill': when('30 4 1 * *', 'The newest backup, booted and asked (guide, Step 13.10).'),
    'dr-drill': when(
      '0 4 2 1,4,7,10 *',
      'On a standby alone: a recovery from end to end, silent, proved and timed (guide, Step 13.10).',
    ),
    memory: when('0 5 1 * *', 'The index of the memory, made anew where that is due (guide, Step 8).'),
    'rotate-token': when(
      '0 4 1 * *',
      'A new token of the gateway (guide, Step 6): whoever logs in with it needs the new one then.',
    ),
    'stage-standby': when(
      '15 4 * * *',
      'A standby is as its primary is again, with a young backup that opens (guide, Step 13.9); only where there is one.',
    ),
    egress: when(
      '5 * * * *',
      'Ways out that have expired are shut (guide, Step 13); only where one of them has an end.',
    ),
    watchdog: when('*/5 * * * *', 'A look at everything that breaks between two proofs (guide, Step 13.2).'),
  });
