// What the watchdog heals by itself, and where it stops: three restarts of a service an hour, then a person is asked.
import { isCancellation, log } from '@temporalio/workflow';
import type { Heal, KeyedSymptom, Observed, PlannedSchedule, Server } from '../model.js';
import type { HealChoice } from './heal.js';
import { begun } from './turn.js';

const MOST_HEALS = 3;
const HOUR_MS = 3600 * 1000;

const within = (heals: readonly Heal[], service: string, nowMs: number): number =>
  heals.filter((each) => each.service === service && nowMs - each.atMs < HOUR_MS).length;

const sick = ({ symptoms }: Pick<Observed, 'symptoms'>): string[] =>
  symptoms.flatMap(({ heals }) => heals ?? []);

/** Restarting it does not help. */
export const tooOften = (
  seen: Pick<Observed, 'symptoms'>,
  heals: readonly Heal[],
  { name }: Server,
  nowMs: number,
): KeyedSymptom[] =>
  sick(seen)
    .filter((service) => within(heals, service, nowMs) >= MOST_HEALS)
    .map((service) => ({
      key: `watch.heal:${service}`,
      about: service,
      level: 'critical',
      text: `${service} was restarted ${MOST_HEALS} times within the hour and is unhealthy again: it is not restarted any more`,
      remedy: [`clincher gates -s ${name}`, `clincher run heal -s ${name}`],
    }));

export interface Heals {
  services: string[];
  /** They were restarted often enough: a person is asked, once. */
  asks: boolean;
}

/** What is to be restarted after this look; undefined: nothing. */
export function toHeal(
  seen: Pick<Observed, 'symptoms'>,
  heals: readonly Heal[],
  nowMs: number,
): Heals | undefined {
  const all = sick(seen);
  const easy = all.filter((service) => within(heals, service, nowMs) < MOST_HEALS);
  if (easy.length > 0) return { services: easy, asks: false };
  const hard = all.filter((service) => within(heals, service, nowMs) === MOST_HEALS);
  return hard.length > 0 ? { services: hard, asks: true } : undefined;
}

/** Starts a run that restarts what is sick, under the server's own lock; a busy server is looked at again the next time. */
export async function healing(
  plan: PlannedSchedule,
  seen: Pick<Observed, 'symptoms'>,
  before: readonly Heal[],
  nowMs: number,
): Promise<Heal[]> {
  const recent = before.filter(({ atMs }) => nowMs - atMs < HOUR_MS);
  const heals = plan.input.server.watchdog.heal ? toHeal(seen, recent, nowMs) : undefined;
  if (heals === undefined || !(await isBegun(plan, heals))) return recent;
  return [...recent, ...heals.services.map((service) => ({ service, atMs: nowMs }))];
}

async function isBegun(plan: PlannedSchedule, choice: Heals): Promise<boolean> {
  const input: HealChoice = { ...choice, server: plan.input.server, who: 'watchdog', onFailure: 'abort' };
  try {
    await begun(
      { server: plan.server, runbook: 'heal', patienceSeconds: 0, readOnly: false, input },
      'ABANDON',
    );
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('nothing was healed', { server: plan.server, why: (error as Error).message });
    return false;
  }
}
