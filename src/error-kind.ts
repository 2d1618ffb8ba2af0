// What every coded error says besides its code; the table is errors.ts.
export interface ErrorKind {
  /** One sentence; `docs <code>` prints it. */
  readonly summary: string;
  /** Commands or edits to try, most likely first. `{server}` and `{run}` are filled in. */
  readonly remedy: readonly string[];
  readonly exitCode: number;
  /** True: Temporal tries the activity again by itself. */
  readonly retryable: boolean;
}

export const kind = (
  exitCode: number,
  retryable: boolean,
  summary: string,
  ...remedy: string[]
): ErrorKind => ({
  summary,
  remedy,
  exitCode,
  retryable,
});
