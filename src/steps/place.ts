// Where a stack stands: in its own place, as a partition, or, restored, in a folder where another version is only tried on it.

import { TRIAL_CONTAINER, TRIAL_SETTINGS } from '../commands/drill-program.js';
import { CONTAINER } from '../commands/openclaw.js';
import { WRITTEN_SETTINGS } from '../commands/openclaw-config.js';
import type { Server } from '../model.js';
import { nameIn } from '../stack/partitions.js';
import { stampOf } from './service-state.js';

export interface Place {
  /** The gateway's container. That of a trial is started when all is written. */
  container: string;
  /** What clincher last set in OpenClaw's configuration. */
  settings: string;
  /** Whose time is when the gateway last read its files. */
  stamp: string;
}

export const placeOf = ({ stack }: Pick<Server, 'stack'>): Place => ({
  ...(stack.is_trial
    ? { container: TRIAL_CONTAINER, settings: TRIAL_SETTINGS }
    : { container: nameIn({ stack }, CONTAINER), settings: settingsOf(stack) }),
  stamp: stampOf({ stack }, CONTAINER),
});

const settingsOf = ({ partition }: Server['stack']): string =>
  partition === undefined ? WRITTEN_SETTINGS : WRITTEN_SETTINGS.replace('.json', `.${partition}.json`);
