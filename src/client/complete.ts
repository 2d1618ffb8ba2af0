// What TAB offers after the words so far. From the grammar, the configuration and the list of recent runs: never from Temporal.
import type { Argument, CommandSpec, Flag } from './grammar/spec.js';

/** Where names come from; each may be slow or fail, and is asked only when it is wanted. */
export interface Names {
  servers(): Promise<string[]>;
  runs(): Promise<string[]>;
  runbooks(): Promise<string[]>;
  steps(): Promise<string[]>;
  topics(): Promise<string[]>;
}

export async function complete(
  commands: readonly CommandSpec[],
  globals: readonly Flag[],
  words: readonly string[],
  names: Names,
): Promise<string[]> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  return (await candidates(commands, globals, before, current, names)).filter((word) =>
    word.startsWith(current),
  );
}

async function candidates(
  commands: readonly CommandSpec[],
  globals: readonly Flag[],
  before: readonly string[],
  current: string,
  names: Names,
): Promise<string[]> {
  const allFlags = [...globals, ...commands.flatMap((spec) => spec.flags)];
  const pending = flagOf(allFlags, before.at(-1) ?? '');
  if (pending && takesValue(pending)) return valuesOf(pending, names);
  const positional = withoutFlags(before, allFlags);
  const nouns = commands.filter((spec) => spec.name.split(' ')[0] === positional[0]);
  if (nouns.length === 0) return [...new Set(commands.map((spec) => spec.name.split(' ')[0]!))];
  const isNoun = nouns[0]!.name.includes(' ');
  if (isNoun && positional.length === 1) return nouns.map((spec) => spec.name.split(' ')[1]!);
  const spec = isNoun ? nouns.find((one) => one.name === positional.slice(0, 2).join(' ')) : nouns[0];
  if (!spec) return [];
  if (current.startsWith('-')) return [...spec.flags, ...globals].flatMap((flag) => longOf(flag));
  return argumentValues(spec.args[positional.length - (isNoun ? 2 : 1)], names);
}

const longOf = (flag: Flag): string[] => flag.flags.match(/--[a-z-]+/g) ?? [];
const spellings = (flag: Flag): string[] => flag.flags.match(/(?<![\w-])--?[a-z-]+/g) ?? [];
const takesValue = (flag: Flag): boolean => /[<[]/.test(flag.flags);
const flagOf = (flags: readonly Flag[], word: string): Flag | undefined =>
  flags.find((flag) => spellings(flag).includes(word));

function withoutFlags(words: readonly string[], flags: readonly Flag[]): string[] {
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const flag = flagOf(flags, words[i]!);
    if (flag && takesValue(flag)) i++;
    else if (!words[i]!.startsWith('-')) rest.push(words[i]!);
  }
  return rest;
}

async function valuesOf(flag: Flag, names: Names): Promise<string[]> {
  if (flag.choices) return [...flag.choices];
  if (flag.completes === 'server') return [...(await names.servers()), 'all'];
  return flag.completes === 'step' ? names.steps() : [];
}

async function argumentValues(arg: Argument | undefined, names: Names): Promise<string[]> {
  if (arg?.choices) return [...arg.choices];
  if (arg?.completes === 'runbook') return names.runbooks();
  if (arg?.completes === 'run') return ['@last', ...(await names.runs())];
  if (arg?.completes === 'server') return names.servers();
  if (arg?.completes === 'run-or-server')
    return ['@last', ...(await names.servers()), ...(await names.runs())];
  if (arg?.completes === 'step') return names.steps();
  return arg?.completes === 'topic' ? names.topics() : [];
}
