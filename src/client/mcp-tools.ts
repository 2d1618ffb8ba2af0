// Which commands an assistant may use: those that only look, with the flags that only narrow what is looked at.
import * as z from 'zod';
import { COMMANDS } from './grammar/index.js';
import type { Argument, CommandSpec, Flag } from './grammar/spec.js';

/** By command: its flags, by their long names. None writes a file, takes a secret or starts anything that changes a server. */
const LOOKS: Readonly<Record<string, readonly string[]>> = {
  status: ['server'],
  doctor: ['server'],
  plan: ['server', 'only'],
  runs: ['server', 'open', 'limit'],
  show: ['server'],
  gates: ['server'],
  'alerts ls': ['server'],
  'backups ls': ['server', 'offsite'],
  'backups drills': ['server'],
  usage: ['server', 'days', 'partition'],
  'egress list': ['server'],
  'schedule ls': ['server'],
  'lock status': ['server'],
  runbooks: [],
  steps: ['server'],
  docs: [],
};

export interface Tool {
  /** `backups_ls` */
  name: string;
  description: string;
  input: z.ZodRawShape;
  /** The command line that answers it. */
  argv(given: Readonly<Record<string, unknown>>): string[];
}

export const tools = (): Tool[] =>
  Object.entries(LOOKS).map(([command, flags]) => {
    const spec = COMMANDS.find((each) => each.name === command);
    if (spec === undefined) throw new Error(`there is no command ${command}`);
    return toolOf(spec, flags);
  });

const longName = ({ flags }: Flag): string => /--([a-z-]+)/.exec(flags)?.[1] ?? '';

function toolOf(spec: CommandSpec, names: readonly string[]): Tool {
  const flags = spec.flags.filter((flag) => names.includes(longName(flag)));
  return {
    name: spec.name.replaceAll(' ', '_'),
    description: `${spec.summary}. What \`clincher ${spec.name} --json\` prints.`,
    input: {
      ...Object.fromEntries(spec.args.map((arg) => [arg.name, argumentShape(arg)])),
      ...Object.fromEntries(flags.map((flag) => [longName(flag), flagShape(flag)])),
    },
    argv: (given) => [
      ...spec.name.split(' '),
      '--json',
      '--no-input',
      ...flags.flatMap((flag) => flagWords(longName(flag), given[longName(flag)])),
      '--',
      ...spec.args.flatMap((arg) => (given[arg.name] === undefined ? [] : [String(given[arg.name])])),
    ],
  };
}

function argumentShape({ help, isOptional }: Argument): z.ZodType {
  const text = z.string().describe(help);
  return isOptional ? text.optional() : text;
}

function flagShape({ flags, help, repeats, isNumber }: Flag): z.ZodType {
  if (!flags.includes('<')) return z.boolean().optional().describe(help);
  if (isNumber) return z.int().min(isNumber.min).optional().describe(help);
  return (repeats ? z.array(z.string()) : z.string()).optional().describe(help);
}

/** In one word with its flag: a value that begins with a dash is a value all the same. */
function flagWords(name: string, value: unknown): string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [`--${name}`];
  return [value].flat().map((each) => `--${name}=${String(each)}`);
}
