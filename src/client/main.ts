// From argv to an exit code: parse, load the one command that is meant, run it, report what went wrong.
import type { Command as CommanderCommand } from 'commander';
import type { Command, Deps } from './deps.js';
import { hoist } from './grammar/hoist.js';
import { buildProgram } from './grammar/program.js';
import { type Io, type IoOptions, processIo } from './io.js';
import { checkGlobal, globalOptions } from './options.js';
import { version } from './version.js';

export interface Outside {
  makeIo(options: IoOptions): Io;
  deps(): Promise<Deps>;
}

export const realWorld: Outside = {
  makeIo: processIo,
  deps: async () => (await import('./real-deps.js')).realDeps,
};

export async function main(argv: readonly string[], outside: Outside = realWorld): Promise<number> {
  const early = outside.makeIo({});
  if (argv[0] === '--complete')
    return (await import('./commands/completion.js')).answerTab(early, {}, argv.slice(1));
  const words = hoist(argv);
  let code = 0;
  let place: { server?: string | undefined } = {};
  const program = buildProgram(
    version(),
    { write: early.out, columns: early.columns, color: early.color },
    async (spec, raw) => {
      checkGlobal(raw);
      const options = { ...raw, ...globalOptions(raw) };
      const servers = [raw['server'] ?? []].flat() as string[];
      place = servers.length === 1 && servers[0] !== 'all' ? { server: servers[0] } : {};
      const io = outside.makeIo({ color: options.color, input: options.input });
      const command = (await spec.load()) as Command<unknown>;
      code = await command(io, options, await outside.deps());
    },
  );
  try {
    if (words.length === 0) return helpForNobody(program);
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    const options = globalOptions(program.opts());
    const io = outside.makeIo({ color: options.color, input: options.input });
    const { report } = await import('./report.js');
    return report(error, { io, options, argv: words, place });
  }
}

function helpForNobody(program: CommanderCommand): number {
  program.outputHelp();
  return 0;
}
