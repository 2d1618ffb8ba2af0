// What the schema refuses is left out with its reason, until the rest is a configuration. What is missing is a person’s to say.
import type { Left } from '../model.js';
import { isPlain, type Plain } from './merge.js';
import { ConfigError, formatPath, type Problem } from './problem.js';

/** A key and where its value comes from. */
export interface Taken {
  /** In the file, `servers` and the server’s name included. */
  path: readonly string[];
  /** What it is called there. */
  name: string;
  place: string;
  /** What a person wrote beside it. */
  comments: readonly string[];
}

export interface Fitted {
  taken: Taken[];
  left: Left[];
  /** What nobody says. */
  missing: readonly Problem[];
}

/** `check` throws what is wrong with these values; they are changed in place. */
export function withoutRefused(values: Plain, all: readonly Taken[], check: () => unknown): Fitted {
  let taken = [...all];
  const left: Left[] = [];
  for (;;) {
    const problems = problemsOf(check);
    const refused = problems.flatMap((problem) => {
      const culprit = culpritOf(problem, taken);
      return culprit === undefined ? [] : [{ culprit, problem }];
    });
    if (refused.length === 0) return { taken, left, missing: problems };
    for (const { culprit, problem } of refused) {
      if (!taken.includes(culprit)) continue;
      remove(values, culprit.path);
      taken = taken.filter((one) => one !== culprit);
      left.push({ name: culprit.name, place: culprit.place, why: problem.sentence });
    }
  }
}

function problemsOf(check: () => unknown): readonly Problem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** At the place itself, around it, or below it; else the key that the sentence says is why something is missing. */
function culpritOf({ path, sentence }: Problem, taken: readonly Taken[]): Taken | undefined {
  const isAt = (one: string): boolean =>
    path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`) || one.startsWith(`${path}.`);
  return (
    taken.findLast((one) => isAt(formatPath(one.path))) ??
    taken.find((one) => sentence.includes(`\`${one.path.slice(2).join('.')}`))
  );
}

/** Maps that are empty then go too, up to the server. */
function remove(values: Plain, [key = '', ...rest]: readonly string[], depth = 0): void {
  const inner = values[key];
  if (rest.length === 0) delete values[key];
  else if (isPlain(inner)) {
    remove(inner, rest, depth + 1);
    if (depth > 1 && Object.keys(inner).length === 0) delete values[key];
  }
}
