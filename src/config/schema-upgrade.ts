// Keys of `upgrade`: how long a new version is watched.
import * as z from 'zod';

export const upgrade = () =>
  z.strictObject({
    watch_minutes: z
      .int()
      .min(0)
      .max(24 * 60)
      .default(10)
      .describe(
        'How long a new version must run without fault before it counts as good; until then it is rolled back by itself. Default 10.',
      ),
  });
