// How long the gateway did not answer, in the run's words.
import type { Downtime, UpgradeState } from '../model.js';

/** Without a probe from the beginning to the end there may have been more: then nothing is said. */
export const sinceHeld = ({ gaps, whole }: Downtime): Pick<UpgradeState, 'downtimeMs'> =>
  whole ? { downtimeMs: gaps.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs), 0) } : {};
