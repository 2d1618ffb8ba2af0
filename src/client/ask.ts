// Questions to a person. Never asked unless io.canPrompt: without a terminal the prompts draw into pipes and never return.
import { createInterface } from 'node:readline';
import { ClincherError } from '../errors.js';
import type { Ask } from './deps.js';
import type { Io } from './io.js';

function guard(io: Io): void {
  if (!io.canPrompt) throw new ClincherError('USAGE', 'This needs an answer, and nobody is at the terminal.');
}

/** A plain line: works in every terminal and reads well in a screen reader. */
function line(io: Io, question: string, signal?: AbortSignal): Promise<string | undefined> {
  guard(io);
  return new Promise((resolve) => {
    const reader = createInterface({ input: io.stdin, output: io.promptStream });
    const done = (answer: string | undefined): void => {
      signal?.removeEventListener('abort', leave);
      // First: closing says so at once, and whoever speaks first is heard.
      resolve(answer);
      reader.close();
    };
    const leave = (): void => done(undefined);
    signal?.addEventListener('abort', leave);
    reader.on('SIGINT', leave).on('close', () => resolve(undefined));
    reader.question(`${question} `, done);
  });
}

type Clack = typeof import('@clack/prompts');

async function clack<T>(
  io: Io,
  signal: AbortSignal | undefined,
  ask: (prompts: Clack, common: { input: never; output: never; signal?: AbortSignal }) => Promise<T | symbol>,
): Promise<T | undefined> {
  guard(io);
  const prompts = await import('@clack/prompts');
  const common = {
    input: io.stdin as never,
    output: io.promptStream as never,
    ...(signal ? { signal } : {}),
  };
  const answer = await ask(prompts, common);
  return prompts.isCancel(answer) ? undefined : (answer as T);
}

export const terminalAsk: Ask = {
  confirm: async (io, question) => /^y(es)?$/i.test(((await line(io, `${question} [y/N]`)) ?? '').trim()),
  text: line,
  secret: (io, question, signal) =>
    clack<string>(io, signal, ({ password }, common) =>
      password({ message: question, mask: '▪', ...common }),
    ),
  select: (io, question, options, signal) =>
    clack<string>(io, signal, ({ select }, common) =>
      select<string>({
        message: question,
        options: options.map((value) => ({ value, label: value })),
        ...common,
      }),
    ),
};
