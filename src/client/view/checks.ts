// What the checks found: those that failed or could not be asked by name, with what was seen and what to type; the rest as a count.
import type { CheckResult, Proof } from '../../model.js';
import { glyph, STEP_MARKS } from './glyphs.js';
import { checkCounts } from './json.js';
import { paint, type View } from './style.js';
import { pad, safe, width, wrap } from './text.js';

const MARKS = {
  pass: STEP_MARKS.ok,
  fail: STEP_MARKS.failed,
  unknown: STEP_MARKS.unknown,
  skipped: STEP_MARKS.skipped,
} as const;

export function checksView(proof: Proof, view: View, { verbose }: { verbose: boolean }): string[] {
  const isShown = ({ verdict }: CheckResult): boolean =>
    verbose || verdict === 'fail' || verdict === 'unknown';
  const shown = proof.checks.filter(isShown);
  const ids = Math.max(12, ...shown.map(({ id }) => width(safe(id))));
  return [
    paint(view, 'bold', headOf(proof)),
    ...shown.flatMap((check) => checkView(check, view, ids, verbose)),
    ...summary(proof, view, verbose),
  ];
}

/** What asks models is asked from the gateway's own place. */
function headOf({ outside, spent }: Proof): string {
  if (outside !== '') return `checks  looked at on the host, and from outside by ${safe(outside)}`;
  return `checks  asked through the gateway${spent === undefined ? '' : `; spent meanwhile, by LiteLLM’s count: ${spent}`}`;
}

function checkView(check: CheckResult, view: View, ids: number, verbose: boolean): string[] {
  const { id, title, verdict, why, evidence, remedy } = check;
  const head = `${glyph(view, MARKS[verdict])} ${pad(safe(id), ids)}  ${safe(title)}`;
  if (verdict === 'pass' || verdict === 'skipped')
    return [head, ...(verbose ? labelled('seen', evidence, view) : [])];
  return [
    head,
    ...labelled('why', [why], view),
    ...labelled('seen', evidence, view),
    ...labelled('fix', remedy, view),
  ];
}

function labelled(word: string, texts: readonly string[], view: View): string[] {
  const room = Math.max(20, view.columns - 11);
  return texts.flatMap((text, i) =>
    wrap(safe(text), room).map((line, n) => {
      const label = i === 0 && n === 0 ? word : '';
      return `    ${paint(view, 'dim', label.padEnd(4))}  ${line}`;
    }),
  );
}

function summary(proof: Proof, view: View, verbose: boolean): string[] {
  const { pass, skipped } = checkCounts(proof);
  if (pass + skipped === 0) return [];
  const unasked = skipped > 0 ? `, ${skipped} not asked for` : '';
  const hint = verbose ? '' : '   (-v lists them)';
  return [paint(view, 'dim', `= ${pass} check${pass === 1 ? ' holds' : 's hold'}${unasked}${hint}`)];
}
