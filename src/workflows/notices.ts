// What people are told of a run that nobody watched: that it failed, or what it found; nothing where all is well.
import type { CheckResult, Notice, RunState, Turn } from '../model.js';
import { wrongOf } from './not-proved.js';
import { runError } from './state.js';

/** A phone shows a few. */
const MOST = 8;

/** It ended well, which says nothing of what it saw. */
export function foundNotice({ runbook, server, run, proof, surveys }: RunState): Notice | undefined {
  const wrong = wrongOf(proof?.checks ?? []);
  const drift = surveys.flatMap(({ steps }) => steps).filter(({ status }) => status === 'drift');
  if (wrong.length + drift.length === 0) return undefined;
  const counts = [
    ...(wrong.length > 0 ? [counted(wrong.length, 'check does not hold', 'checks do not hold')] : []),
    ...(drift.length > 0 ? [counted(drift.length, 'step differs', 'steps differ')] : []),
  ];
  return {
    ...{ server, level: wrong.some(({ verdict }) => verdict === 'fail') ? 'critical' : 'warning' },
    title: `${runbook}: ${counts.join(', ')}`,
    lines: [
      ...shortened([...wrong.map(asLine), ...drift.map(({ id, title }) => `${id}: ${title}`)]),
      `clincher show ${run}`,
    ],
  };
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const asLine = ({ id, verdict, evidence }: CheckResult): string =>
  `${id} ${verdict === 'fail' ? 'fails' : 'is unknown'}: ${evidence[0] ?? 'without a word'}`;

export const shortened = (lines: readonly string[]): string[] =>
  lines.length <= MOST ? [...lines] : [...lines.slice(0, MOST), `and ${lines.length - MOST} more`];

export function failedNotice({ server, runbook }: Pick<Turn, 'server' | 'runbook'>, error: unknown): Notice {
  const { code, message, evidence = [], remedy = [] } = runError(error);
  return {
    ...{ server, level: 'critical', title: `${runbook} failed: ${code}` },
    lines: [message, ...shortened(evidence), ...remedy.slice(0, 2), `clincher runs -s ${server}`],
  };
}
