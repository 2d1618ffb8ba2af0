// The shape of a row of the troubleshooting table, and the signs that it is made of. It judges what was found; it never acts.
import type { ChangeView, Diagnosis, Sign, StepPlan } from '../model.js';

export const defineDiagnosis = (diagnosis: Diagnosis): Diagnosis => diagnosis;

const ANY = /./;

/** The check, or the watch, fails, in these words. */
export const failed = (id: string, words = ANY, weight = 2): Sign => ({
  weight,
  reads: [id],
  see({ checks }) {
    const found = checks.get(id);
    if (found?.verdict === 'unknown') return undefined;
    return found?.verdict === 'fail' ? found.evidence.filter((line) => words.test(line)) : [];
  },
});

/** It fails, or cannot even be asked: what is broken before it shows itself as either. */
export const notHeld = (id: string, weight = 2): Sign => ({
  weight,
  reads: [id],
  see({ checks }) {
    const found = checks.get(id);
    return found?.verdict === 'fail' || found?.verdict === 'unknown' ? found.evidence : [];
  },
});

/** The step would change something of which it says this. */
export const differs = (id: string, words = ANY, weight = 1): Sign => ({
  weight,
  reads: [id],
  see({ steps }) {
    const plan = steps.get(id);
    if (plan?.status === 'unknown') return undefined;
    return (plan?.changes ?? []).flatMap((change) => said(plan!, change, words));
  },
});

const MOST_LINES = 4;

function said({ id }: StepPlan, { what, diff }: ChangeView, words: RegExp): string[] {
  const lines = (text = ''): string[] => text.split('\n').filter((line) => line !== '');
  const [before, after] = [lines(diff?.before), lines(diff?.after)];
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line.trim()}`);
  const come = after.filter((line) => !before.includes(line)).map((line) => `+ ${line.trim()}`);
  const found = [...gone, ...come].filter((line) => words.test(line));
  if (found.length === 0 && !words.test(what)) return [];
  return [`${id} would ${what}`, ...found.slice(0, MOST_LINES)];
}

/** Each of them shows it; what one of them cannot see another may. */
export const anyOf = (...signs: readonly Sign[]): Sign => ({
  weight: Math.max(...signs.map(({ weight }) => weight)),
  reads: signs.flatMap(({ reads }) => reads),
  see(findings, server) {
    const seen = signs.map((sign) => sign.see(findings, server));
    return seen.find((lines) => lines?.length) ?? (seen.includes(undefined) ? undefined : []);
  },
});

/** A service that has no container, does not run, or is unhealthy; one that starts over and over is another matter. */
export const down = (service: string): Sign =>
  failed('watch.services', new RegExp(`^${service} (has|is|runs)`), 3);
