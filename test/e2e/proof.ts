// One long proof: what it checks, what it measured, and how it tells so.
export interface Proof {
  say(line: string): void;
  /** Counts as passed or failed; never throws, so that one bad thing does not hide the next. */
  check(what: string, ok: boolean, detail?: string): void;
  /** A figure for docs/evidence.md. */
  figure(what: string, value: string | number): void;
}

export class Tally implements Proof {
  passed = 0;
  failed = 0;
  readonly figures: [string, string][] = [];
  readonly #began = Date.now();

  say(line: string): void {
    const seconds = ((Date.now() - this.#began) / 1000).toFixed(0).padStart(4);
    process.stdout.write(`${seconds} s  ${line}\n`);
  }

  check(what: string, ok: boolean, detail = ''): void {
    if (ok) this.passed += 1;
    else this.failed += 1;
    this.say(`${ok ? '✓' : '✗'} ${what}${ok || detail === '' ? '' : `\n${indented(detail)}`}`);
  }

  figure(what: string, value: string | number): void {
    this.figures.push([what, String(value)]);
    this.say(`  ${what}: ${value}`);
  }

  get minutes(): string {
    return ((Date.now() - this.#began) / 60_000).toFixed(1);
  }
}

const indented = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `          ${line}`)
    .join('\n');

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
