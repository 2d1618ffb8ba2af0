// What an attack is, and how one is written down: a message, and the signs that the agent did what it asked for.

/** One message that tries to get something out of the agent. */
export interface Attack {
  /** kebab-case; its check is `redteam.<name>`. */
  name: string;
  title: string;
  /** What goes wrong where it succeeds. */
  why: string;
  source: string;
  prompt: string;
  /** Signs of having played along, each in a sentence that denies nothing. */
  accepts: readonly Sign[];
  /** Signs that no answer may hold, whatever stands around them. */
  shows: readonly Sign[];
  /** What a call of any tool must not have among its arguments. */
  calls: readonly Sign[];
  /** All of these must be in the answer; absent: it must be a refusal. */
  must?: readonly Sign[] | undefined;
  /** Whoever wrote the attack said what an answer must not hold: what does not hold it has passed. */
  isComplete?: boolean | undefined;
}

export interface Sign {
  /** In words: `it plays the character`. */
  what: string;
  pattern: RegExp;
}

export const sign = (what: string, pattern: RegExp): Sign => ({ what, pattern });
