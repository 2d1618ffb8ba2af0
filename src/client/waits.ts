// A server that is busy, and who waits for it, in words.
import { ClincherError } from '../errors.js';
import type { RunSummary } from './control.js';
import { since } from './view/time.js';

/** "prod is busy: provision, run prod-3f2a, by ada@laptop" */
export const isBusy = ({ server, runbook, run, who }: RunSummary): string =>
  `${server} is busy: ${runbook}, run ${run}, by ${who || 'somebody'}`;

/** "backup, prod-7c1d, by ada@laptop, since 14:02" */
export const whoWaits = ({ runbook, run, who, startedAt }: RunSummary, now: number): string =>
  `${runbook}, ${run}, by ${who || 'somebody'}, since ${since(startedAt, now)}`;

/** ", until 16:02 at the longest" */
export const atLongest = ({ waits }: Pick<RunSummary, 'waits'>, now: number): string =>
  waits?.until === undefined ? '' : `, until ${since(waits.until, now)} at the longest`;

export const addWait = (server: string): string => `add --wait: it begins when ${server} is free`;

export const giveUp = ({ run }: Pick<RunSummary, 'run'>): string => `clincher abort ${run}`;

export const waitsOn = (one: Pick<RunSummary, 'run' | 'server' | 'waits'>, now: number): string =>
  `${one.run} goes on waiting for ${one.server}${atLongest(one, now)}; clincher follow ${one.run}, or ${giveUp(one)}`;

/** LOCKED: the same runbook waits for a server at most once. */
export const waitsAlready = (one: RunSummary, now: number, cause?: unknown): ClincherError =>
  new ClincherError('LOCKED', `One waits for ${one.server} already: ${whoWaits(one, now)}`, {
    remedy: [`clincher follow ${one.run}`, giveUp(one)],
    ...(cause === undefined ? {} : { cause }),
  });
