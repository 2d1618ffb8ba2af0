// The mark that a run leaves on the host while it works there.
import type { Fact } from '../model.js';

export const MARK = '/var/lib/clincher/mark';

export interface Mark {
  plane: string;
  run: string;
  who: string;
  since: string;
}

export function parseMark(text: string): Mark | null {
  try {
    return JSON.parse(text) as Mark;
  } catch {
    return null;
  }
}

/** Null: nobody is at work. */
export const mark: Fact<Mark | null> = {
  read: ['cat', MARK],
  parse: ({ stdout }) => parseMark(stdout),
};
