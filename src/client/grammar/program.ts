// Makes commander's tree from the table of commands. It parses and helps; what a command does is not known here.
import {
  Argument as CommanderArgument,
  Command as CommanderCommand,
  InvalidArgumentError,
  Option,
} from 'commander';
import { GLOBAL } from './flags.js';
import { COMMANDS } from './index.js';
import type { Argument, CommandSpec, Flag } from './spec.js';

/** Called with what was typed; global options included. */
export type Dispatch = (spec: CommandSpec, options: Record<string, unknown>) => Promise<void>;

export interface Output {
  write(text: string): void;
  columns: number;
  color: boolean;
}

export function buildProgram(version: string, output: Output, dispatch: Dispatch): CommanderCommand {
  const program = new CommanderCommand('clincher')
    .usage('<command> [flags]')
    .description('Durable runbooks for your servers: provision, harden, prove.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'help for a command')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: output.write,
      // Errors are printed in one place, from what is thrown.
      writeErr: () => {},
      getOutHelpWidth: () => Math.min(output.columns, 100),
      getOutHasColors: () => output.color,
    })
    .addHelpText('after', FOOTER);
  for (const flag of GLOBAL) program.addOption(option(flag));
  for (const spec of COMMANDS) add(program, spec, dispatch);
  // Last, since commands inherit what is set before: only this list of commands has no room for flags.
  return program.configureHelp({ visibleOptions: () => [], subcommandTerm });
}

const subcommandTerm = (command: CommanderCommand): string =>
  [
    command.name(),
    ...command.registeredArguments.map((arg) => (arg.required ? `<${arg.name()}>` : `[${arg.name()}]`)),
  ].join(' ');

const FOOTER = `
Every command has --help. Flags of all commands: clincher help output, clincher help connection.
First time here: clincher init`;

function add(program: CommanderCommand, spec: CommandSpec, dispatch: Dispatch): void {
  const [noun, verb] = spec.name.split(' ') as [string, string | undefined];
  const parent = verb === undefined ? program : nounOf(program, noun, spec);
  const command = inherit(program, new CommanderCommand(verb ?? noun))
    .summary(lowerFirst(spec.summary))
    .description(`${spec.summary}.\n\nExamples:\n${spec.examples.map((line) => `  ${line}`).join('\n')}`)
    .helpGroup(`${spec.group}:`)
    .allowExcessArguments(false);
  for (const arg of spec.args) command.addArgument(argument(arg));
  for (const flag of spec.flags) command.addOption(option(flag));
  command.action(async (...given: unknown[]) => {
    const words = given.slice(0, spec.args.length);
    const named = Object.fromEntries(spec.args.map((arg, i) => [camel(arg.name), words[i]]));
    await dispatch(spec, { ...command.optsWithGlobals(), ...named });
  });
  parent.addCommand(command);
}

/** What people type for it, too. */
const ALIASES: Readonly<Record<string, string>> = { pairing: 'pair' };

/** `lock` of `lock status`. */
function nounOf(program: CommanderCommand, noun: string, spec: CommandSpec): CommanderCommand {
  const found = program.commands.find((command) => command.name() === noun);
  if (found) return found;
  const verbs = COMMANDS.filter((one) => one.name.startsWith(`${noun} `)).map(
    (one) => one.name.split(' ')[1],
  );
  const made = inherit(program, new CommanderCommand(noun))
    .aliases(noun in ALIASES ? [ALIASES[noun]!] : [])
    .usage(`${verbs.join('|')} [flags]`)
    .description(verbs.join(', '))
    .helpGroup(`${spec.group}:`);
  program.addCommand(made);
  return made;
}

const inherit = (program: CommanderCommand, command: CommanderCommand): CommanderCommand =>
  command.copyInheritedSettings(program).helpCommand(false);

function option(flag: Flag): Option {
  const made = new Option(flag.flags, flag.help);
  if (flag.choices) made.choices(flag.choices);
  if (flag.repeats)
    made.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  if (flag.isNumber) made.argParser(wholeNumber(flag.isNumber.min));
  return made;
}

function argument(arg: Argument): CommanderArgument {
  const dots = arg.isVariadic ? '...' : '';
  const made = new CommanderArgument(
    arg.isOptional ? `[${arg.name}${dots}]` : `<${arg.name}${dots}>`,
    arg.help,
  );
  return arg.choices ? made.choices(arg.choices) : made;
}

const wholeNumber =
  (min: number) =>
  (text: string): number => {
    if (!/^\d{1,9}$/.test(text) || Number(text) < min)
      throw new InvalidArgumentError(`It must be a whole number from ${min} on.`);
    return Number(text);
  };

const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
