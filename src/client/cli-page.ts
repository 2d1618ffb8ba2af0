// The reference page of the command line, from the grammar that parses it.
import { EXIT_CODES } from '../errors.js';
import { GLOBAL } from './grammar/flags.js';
import { COMMANDS } from './grammar/index.js';
import { type Argument, type CommandSpec, type Flag, GROUPS } from './grammar/spec.js';

export function cliPage(): string {
  const groups = GROUPS.map((group) => {
    const specs = COMMANDS.filter((spec) => spec.group === group);
    return `## ${group}\n\n${specs.map(command).join('\n')}`;
  });
  return `# Command line\n\n${INTRODUCTION}\n\n${groups.join('\n')}\n${ofAll()}\n${exitCodes()}`;
}

const INTRODUCTION = `The answer goes to stdout; progress, questions and hints go to stderr. With \`--json\` stdout is one
document, with \`--jsonl\` one object a line; \`clincher docs --schema\` prints their schemas. Wherever a run is wanted,
\`@last\` is the last operation that was started from this machine. Ctrl-C leaves the view of a run, never the run.`;

function command({ name, summary, args, flags, examples }: CommandSpec): string {
  const usage = ['clincher', name, ...args.map(placeholder), ...(flags.length > 0 ? ['[flags]'] : [])].join(
    ' ',
  );
  const rows = [...args.map(argumentRow), ...flags.map(flagRow)];
  const table = rows.length > 0 ? `\n| | |\n|---|---|\n${rows.join('\n')}\n` : '';
  return `### ${name}\n\n${summary}.\n\n\`${usage}\`\n${table}\n\`\`\`sh\n${examples.join('\n')}\n\`\`\`\n`;
}

const placeholder = (arg: Argument): string => {
  const word = `${arg.name}${arg.isVariadic ? '…' : ''}`;
  return arg.isOptional ? `[${word}]` : `<${word}>`;
};

const argumentRow = (arg: Argument): string => row(placeholder(arg), arg.help, arg.choices);
const flagRow = (flag: Flag): string => row(flag.flags, flag.help, flag.choices);

function row(word: string, help: string, choices: readonly string[] | undefined): string {
  const among = choices ? ` (${choices.join(', ')})` : '';
  return `| \`${word}\` | ${`${help}${among}`.replaceAll('|', '\\|')} |`;
}

const ofAll = (): string =>
  `## Flags of every command\n\n| | |\n|---|---|\n${GLOBAL.map(flagRow).join('\n')}\n`;

function exitCodes(): string {
  const rows = Object.entries(EXIT_CODES).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return `## Exit codes\n\n| | |\n|---|---|\n${rows.join('\n')}\n`;
}
