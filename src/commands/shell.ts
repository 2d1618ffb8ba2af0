// Joins commands without quoting by hand: words stay words until activities/script.ts quotes them, once.
import type { Action, Command, Operator } from '../model.js';

const op = (operator: string): Operator => ({ operator });

const join =
  (operator: string) =>
  (...commands: Command[]): Command =>
    commands.flatMap((command, i) => (i === 0 ? [...command] : [op(operator), ...command]));

/** `a | b` */
export const pipe = join('|');
/** `a && b` */
export const and = join('&&');
/** `a || b` */
export const or = join('||');
/** `a; b`: b runs whatever a says. */
export const seq = join(';');

/** `command > path` */
export const redirect = (command: Command, path: string): Command => [...command, op('>'), path];
/** `command 2>/dev/null`: for tools that complain on stderr about what we do not ask. */
export const quiet = (command: Command): Command => [...command, op('2>/dev/null')];
/** `command || true`: where having nothing to do is an error for the tool. */
export const tolerate = (command: Command): Command => or(command, ['true']);

/** A constant shell text, for loops and tests that words cannot say. Never build it from values. */
export const sh = (constant: string, ...args: string[]): Command => ['sh', '-c', constant, 'sh', ...args];

export const action = (...command: Command): Action => ({ command });
