// Checks as lines: what is well, what is not and the command that mends it.
import type { RunError } from '../../model.js';
import { remedies } from './error.js';
import { glyph, type Mark, STEP_MARKS } from './glyphs.js';
import { paint, type View } from './style.js';
import { safe } from './text.js';

export interface Check {
  id: string;
  /** Absent: it is about this machine or the control plane. */
  server?: string | undefined;
  status: 'ok' | 'warning' | 'failed' | 'skipped';
  text: string;
  fix: string[];
  /** Exit code that this problem alone would give. */
  code?: string | undefined;
}

export const ok = (id: string, text: string, server?: string): Check => ({
  id,
  server,
  status: 'ok',
  text,
  fix: [],
});

export const problem = (id: string, error: RunError, server?: string): Check => ({
  id,
  server,
  status: 'failed',
  text: error.message,
  fix: remedies(error, { server }),
  code: error.code,
});

const MARKS: Readonly<Record<Check['status'], Mark>> = {
  ok: STEP_MARKS.ok,
  warning: { ...STEP_MARKS.unreachable, style: 'yellow' },
  failed: STEP_MARKS.failed,
  skipped: STEP_MARKS.skipped,
};

export function doctorView(checks: readonly Check[], view: View): string[] {
  const lines = checks.flatMap((check) => [
    line(check, view),
    ...check.fix.map((fix, i) => `    ${paint(view, 'dim', i === 0 ? 'fix' : 'or ')}  ${safe(fix)}`),
  ]);
  return [...lines, '', summary(checks)];
}

const line = (check: Check, view: View): string =>
  `${glyph(view, MARKS[check.status])} ${check.server ? `${check.server}  ` : ''}${check.text.split('\n').map(safe).join('\n  ')}`;

function summary(checks: readonly Check[]): string {
  const count = (status: Check['status'], word: string): string[] => {
    const n = checks.filter((check) => check.status === status).length;
    return n === 0 ? [] : [`${n} ${word}${n === 1 ? '' : 's'}`];
  };
  return [...count('failed', 'problem'), ...count('warning', 'warning')].join(', ') || 'All is well.';
}
