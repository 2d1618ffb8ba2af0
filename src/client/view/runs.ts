// Runs as a table, newest first.
import type { RunSummary } from '../control.js';
import { glyph, RUN_MARKS } from './glyphs.js';
import { paint, type View } from './style.js';
import { table } from './table.js';
import { safe } from './text.js';
import { ago, duration, runMs } from './time.js';

export function runsView(runs: readonly RunSummary[], view: View, now: number): string[] {
  const head = ['RUN', 'RUNBOOK', 'STATUS', 'STARTED', 'TOOK', 'BY'].map((word) => paint(view, 'dim', word));
  return table([head, ...runs.map((run) => row(run, view, now))], view);
}

function row(run: RunSummary, view: View, now: number): string[] {
  const mark = RUN_MARKS[run.status];
  return [
    run.run,
    safe(run.runbook),
    `${glyph(view, mark)} ${mark.word}`,
    ago(run.startedAt, now),
    duration(runMs(run, now)),
    safe(run.who),
  ];
}
