// "Did you mean …?": the known word that is closest to a mistyped one.

/** Edits to get from one word to the other; two neighbours in the wrong order count as one. */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) row.push(cheapest(rows, row, a, b, i, j));
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

function cheapest(rows: number[][], row: number[], a: string, b: string, i: number, j: number): number {
  const above = rows[i - 1] ?? [];
  const same = a[i - 1] === b[j - 1] ? 0 : 1;
  const edit = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same);
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return swapped ? Math.min(edit, (rows[i - 2]?.[j - 2] ?? 0) + 1) : edit;
}

const LONGEST = 60;

/** Nothing when every known word is too far away to be what was meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll('-', '_');
  const short = plain(word.slice(0, LONGEST));
  const limit = Math.max(1, Math.floor(short.length / 3));
  const ranked = known
    .map((candidate) => ({ candidate, edits: distance(short, plain(candidate)) }))
    .sort((a, b) => a.edits - b.edits);
  return ranked[0] !== undefined && ranked[0].edits <= limit ? ranked[0].candidate : undefined;
}

/** ` did you mean …?` with the blank before it, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const guess = nearest(word, known);
  return guess === undefined ? '' : `; did you mean \`${guess}\`?`;
}
