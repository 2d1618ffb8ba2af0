// The one place where an error becomes words and an exit code.
import { CommanderError } from 'commander';
import { ClincherError } from '../errors.js';
import type { RunError } from '../model.js';
import { CATALOG } from '../workflows/catalog.js';
import { keepStack } from './debug-file.js';
import { Interrupted } from './interrupted.js';
import type { Io } from './io.js';
import type { GlobalOptions } from './options.js';
import { type ErrorPlace, errorView } from './view/error.js';
import { document, errorDocument, print } from './view/json.js';

export interface Failing {
  io: Io;
  options: GlobalOptions;
  argv: readonly string[];
  place: ErrorPlace;
}

export function report(error: unknown, failing: Failing): number {
  if (error instanceof Interrupted) return 130;
  if (isHelp(error)) return 0;
  const { io, options, place } = failing;
  const known = coded(error, failing);
  const shown: RunError = {
    code: known.code,
    message: known.message,
    evidence: [...known.evidence],
    remedy: [...known.remedy],
  };
  if (options.output !== 'text')
    io.out(print(document('error', { error: errorDocument(shown, place), ...place })));
  io.err(`${errorView(shown, place, io).join('\n')}\n`);
  if (options.debug) io.err(`${stack(error)}\n`);
  else if (known.code === 'INTERNAL') tellWhere(io, keepStack(io.env, stack(error)));
  return known.exitCode;
}

const tellWhere = (io: Io, path: string | undefined): void => {
  if (path) io.err(`  the whole story is in ${path}; look for secrets before you share it\n`);
};

const isHelp = (error: unknown): boolean => error instanceof CommanderError && error.exitCode === 0;

function coded(error: unknown, failing: Failing): ClincherError {
  if (error instanceof ClincherError) return error;
  if (error instanceof CommanderError) return usage(error, failing.argv);
  const message = error instanceof Error ? error.message : String(error);
  return new ClincherError('INTERNAL', message || 'Something went wrong without saying what.', {
    cause: error,
  });
}

function usage(error: CommanderError, argv: readonly string[]): ClincherError {
  const message = error.message.replace(/^error: /, '').replace(/\n/g, ' ');
  const word = argv.find((arg) => !arg.startsWith('-')) ?? '';
  const rest = argv.filter((arg) => arg !== word);
  // No catch-all for runbooks: a typo of a command must never start one.
  if (error.code === 'commander.unknownCommand' && CATALOG.some((book) => book.name === word))
    return new ClincherError(
      'USAGE',
      `${word} is a runbook, not a command; did you mean \`clincher run ${word}\`?`,
      {
        remedy: [['clincher', 'run', word, ...rest].join(' ')],
      },
    );
  const command = error.code === 'commander.unknownCommand' ? '' : ` ${word}`;
  return new ClincherError('USAGE', capital(message), { remedy: [`clincher${command} --help`] });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const stack = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stack(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
};
