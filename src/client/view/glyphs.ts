// One mark for each status: glyph, word and colour always together, so that no meaning hangs on colour alone.
import type { RunStatus, StepStatus } from '../../model.js';
import { paint, type Style, type View } from './style.js';

export interface Mark {
  glyph: string;
  ascii: string;
  word: string;
  style: Style;
}

const mark = (glyph: string, ascii: string, word: string, style: Style): Mark => ({
  glyph,
  ascii,
  word,
  style,
});

export const STEP_MARKS: Readonly<Record<StepStatus, Mark>> = {
  ok: mark('✓', 'ok', 'ok', 'green'),
  changed: mark('✓', 'ch', 'changed', 'yellow'),
  running: mark('●', '..', 'running', 'cyan'),
  waiting: mark('?', '??', 'waiting', 'magenta'),
  skipped: mark('–', '--', 'skipped', 'dim'),
  failed: mark('✗', 'XX', 'failed', 'red'),
  unreachable: mark('!', '!!', 'unreachable', 'red'),
  pending: mark('·', '  ', 'pending', 'dim'),
  unknown: mark('?', '??', 'unknown', 'yellow'),
};

export const RUN_MARKS: Readonly<Record<RunStatus, Mark>> = {
  running: STEP_MARKS.running,
  waiting: STEP_MARKS.waiting,
  done: { ...STEP_MARKS.ok, word: 'done' },
  failed: STEP_MARKS.failed,
  aborted: mark('✗', 'XX', 'aborted', 'red'),
};

export const glyph = (view: View, of: Mark): string =>
  paint(view, of.style, view.ascii ? of.ascii : of.glyph);

export interface Rails {
  tee: string;
  end: string;
  bar: string;
  dot: string;
}

export const rails = (view: View): Rails =>
  view.ascii
    ? { tee: '|- ', end: '`- ', bar: '| ', dot: ' - ' }
    : { tee: '├ ', end: '└ ', bar: '│ ', dot: ' · ' };
