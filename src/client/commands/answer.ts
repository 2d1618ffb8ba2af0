// `clincher answer <gate> [value]`: answers a gate from any terminal. A secret comes by prompt, file or stdin.
import type { Config } from '../../config/load.js';
import { ClincherError } from '../../errors.js';
import { sealSecret } from '../answer-secret.js';
import { checkValue, newUpdateId, optionsOf, send } from '../answers.js';
import type { Command, Deps } from '../deps.js';
import type { Io } from '../io.js';
import { findGate, type OpenGate } from '../open-gates.js';
import { type GlobalOptions, isJson } from '../options.js';
import { ownBotApi } from '../own-bot-api.js';
import { resolveRun } from '../runs.js';
import { secretInput } from '../secret-input.js';
import { onlyServer, type ServerOptions } from '../servers.js';
import { tryConfig } from '../try-config.js';
import { document, print } from '../view/json.js';

export interface AnswerOptions extends ServerOptions {
  gate: string;
  value?: string;
  run?: string;
  secretFile?: string;
  updateId?: string;
}

export const answer: Command<AnswerOptions> = async (io, options, deps) => {
  const config = tryConfig(io, options);
  const { control } = await deps.openSession(io, { config });
  try {
    const run = options.run === undefined ? undefined : await resolveRun(io, control, options.run, options);
    const open = await findGate(control, { gate: options.gate, server: onlyServer(io, options), run });
    const { value, sealed, note } = await answerTo(io, deps, open, options, config);
    const updateId = options.updateId ?? newUpdateId(open.gate);
    const receipt = await send(io, { control, ...open }, { value, ...(sealed ? { sealed } : {}) }, updateId);
    if (!receipt.accepted)
      throw new ClincherError('ANSWER_INVALID', receipt.reason ?? 'The answer was not taken.');
    tell(io, open, note, options);
    return 0;
  } finally {
    await control.close();
  }
};

function tell(io: Io, { gate, state }: OpenGate, note: string | undefined, options: GlobalOptions): void {
  if (isJson(options))
    io.out(print(document('answer', { run: state.run, gate: gate.id, accepted: true, note })));
  else io.out(`${gate.id} answered${note ? ` (${note})` : ''}; run ${state.run} goes on\n`);
}

async function answerTo(
  io: Io,
  deps: Deps,
  open: OpenGate,
  options: AnswerOptions,
  config: Config | undefined,
) {
  const { gate, state } = open;
  if (gate.kind !== 'secret')
    return { value: await wordFor(io, deps, open, options), sealed: undefined, note: undefined };
  if (options.value !== undefined && options.value !== '-')
    throw new ClincherError(
      'USAGE',
      'A secret on the command line is seen by every user of this machine; give it another way.',
      {
        remedy: [
          `clincher answer ${gate.id} --secret-file <file>`,
          `… | clincher answer ${gate.id} -`,
          'and make a new secret: this one was seen',
        ],
      },
    );
  const value = await secretFor(io, deps, open, options);
  const api = ownBotApi(config, gate.ref);
  return { value: '', ...(await sealSecret(gate, state, value, { api })) };
}

async function wordFor(io: Io, deps: Deps, { gate }: OpenGate, options: AnswerOptions): Promise<string> {
  if (options.secretFile !== undefined)
    throw new ClincherError('USAGE', `Gate ${gate.id} does not ask for a secret.`);
  if (options.value !== undefined) return checkValue(gate, options.value);
  const words = optionsOf(gate);
  if (!io.canPrompt) throw new ClincherError('USAGE', `Gate ${gate.id} takes ${words.join(' or ')}.`);
  const chosen = await deps.ask.select(io, gate.title, words);
  if (chosen === undefined) throw new ClincherError('DECLINED', 'No answer was sent.');
  return chosen;
}

/** `answer <gate> -` is `--secret-file -`. */
const secretFor = async (io: Io, deps: Deps, { gate }: OpenGate, options: AnswerOptions): Promise<string> =>
  secretInput(io, deps.ask, {
    secretFile: options.value === '-' ? '-' : options.secretFile,
    question: gate.title,
    instead: `clincher answer ${gate.id}`,
  });
