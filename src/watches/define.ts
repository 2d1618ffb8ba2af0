// The shape of a watch: what is read every few minutes, and what of it is wrong.
import type { Facts, Judged, Symptom, Watch } from '../model.js';

/** Names the types of a watch's facts from its `facts`, so that `judge` needs no annotations. */
export function defineWatch<F extends Facts>(watch: Watch<F>): Watch<F> {
  return watch;
}

/** Nothing is wrong where the list is empty; then `fine` is said. */
export const seen = (symptoms: readonly (Symptom | undefined)[], fine: string): Judged => ({
  symptoms: symptoms.filter((each) => each !== undefined),
  fine,
});

/** A share that is too large, told in whole percent. */
export const above = (
  percent: number | undefined,
  limit: number,
  symptom: (told: string) => Symptom,
): Symptom | undefined =>
  percent !== undefined && percent > limit ? symptom(`${Math.floor(percent)} %`) : undefined;
