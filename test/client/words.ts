// Examples of the command line as people read them: taken apart into words, and given to the real parser.
import { hoist } from '../../src/client/grammar/hoist.js';
import { buildProgram } from '../../src/client/grammar/program.js';

const quiet = { write: () => {}, columns: 80, color: false };

/** The words of an example, up to what the shell does with it. */
export function words(example: string): string[] {
  const own = example.split(/ (?:\||>|&&|#) /).find((part) => /(^|\s)clincher /.test(part)) ?? '';
  const parts: string[] = own.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  return parts.slice(parts.indexOf('clincher') + 1).map((word) => word.replace(/^['"]|['"]$/g, ''));
}

/** The command that would run; throws what the parser says. */
export async function dispatched(example: readonly string[]): Promise<string | undefined> {
  const found: string[] = [];
  const program = buildProgram('0', quiet, async ({ name }) => void found.push(name));
  await program.parseAsync(hoist([...example]), { from: 'user' });
  return found[0];
}
