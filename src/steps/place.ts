// Where a stack stands: in its own place, or, restored, in a folder where another version is only tried on it.

import { TRIAL_CONTAINER, TRIAL_SETTINGS } from '../commands/drill-program.js';
import { CONTAINER } from '../commands/openclaw.js';
import { WRITTEN_SETTINGS } from '../commands/openclaw-config.js';
import type { Server } from '../model.js';

export interface Place {
  /** The gateway's container. That of a trial is started when all is written. */
  container: string;
  /** What clincher last set in OpenClaw's configuration. */
  settings: string;
}

export const placeOf = ({ stack }: Pick<Server, 'stack'>): Place =>
  stack.is_trial
    ? { container: TRIAL_CONTAINER, settings: TRIAL_SETTINGS }
    : { container: CONTAINER, settings: WRITTEN_SETTINGS };
