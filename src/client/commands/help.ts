// `clincher help <command or topic>`.
import { didYouMean } from '../../config/nearest.js';
import { ClincherError } from '../../errors.js';
import type { Command } from '../deps.js';
import { COMMANDS } from '../grammar/index.js';
import { buildProgram } from '../grammar/program.js';
import { TOPICS } from '../topics.js';
import { version } from '../version.js';
import { answering } from '../view/style.js';

export interface HelpOptions {
  topic?: string[];
}

export const help: Command<HelpOptions> = async (io, { topic = [] }) => {
  const name = topic.join(' ');
  const about = TOPICS[name];
  if (about) {
    io.out(`${about(answering(io)).join('\n')}\n`);
    return 0;
  }
  const program = buildProgram(
    version(),
    { write: io.out, columns: io.columns, color: io.color },
    async () => {},
  );
  let command = program;
  for (const word of topic) {
    const found = command.commands.find((one) => one.name() === word);
    if (!found) throw unknown(name);
    command = found;
  }
  command.outputHelp();
  if (topic.length === 0)
    io.out(
      `\nTopics: ${Object.keys(TOPICS)
        .map((one) => `clincher help ${one}`)
        .join(', ')}\n`,
    );
  return 0;
};

function unknown(name: string): ClincherError {
  const known = [...Object.keys(TOPICS), ...COMMANDS.map((spec) => spec.name)];
  return new ClincherError('USAGE', `There is no help on "${name}"${didYouMean(name, known)}.`, {
    remedy: Object.keys(TOPICS).map((topic) => `clincher help ${topic}`),
  });
}
