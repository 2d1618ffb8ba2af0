// Turns a typed secret into an answer: shape looked at, Telegram asked, sealed to the worker. A wrong paste costs nothing.
import { ClincherError } from '../errors.js';
import type { Gate, RunState } from '../model.js';
import { seal } from '../secrets/seal.js';
import { mistakeOf } from '../secrets/shapes.js';
import { checkTelegramToken } from '../secrets/telegram.js';

export interface SealedSecret {
  sealed: string;
  /** What was found out about it, fit to print: `accepted by Telegram: @prod_helper_bot`. */
  note?: string | undefined;
}

interface Asking {
  ask?: typeof checkTelegramToken;
  /** A Bot API server of one's own. */
  api?: string | undefined;
}

/** What is wrong with the value, in a sentence without it; nothing when it may be sent. */
export const mistakeIn = (gate: Gate, value: string): string | undefined => mistakeOf(gate.shape, value);

export async function sealSecret(
  gate: Gate,
  state: RunState,
  value: string,
  { ask = checkTelegramToken, api }: Asking = {},
): Promise<SealedSecret> {
  const mistake = mistakeIn(gate, value);
  if (mistake) throw new ClincherError('ANSWER_INVALID', mistake);
  if (!state.sealTo)
    throw new ClincherError(
      'WORKER_NOT_RUNNING',
      'The run has not said yet to which key an answer must be sealed.',
    );
  const note = gate.shape === 'telegram-bot-token' ? await askTelegram(value, ask, api) : undefined;
  return { sealed: await seal(value, state.sealTo), note };
}

async function askTelegram(
  token: string,
  ask: typeof checkTelegramToken,
  api: string | undefined,
): Promise<string> {
  const answer = await ask(token, api === undefined ? {} : { api });
  if ('unknown' in answer) return `not checked: ${answer.unknown}`;
  if (!answer.ok) throw new ClincherError('ANSWER_INVALID', answer.reason);
  return `accepted by Telegram: @${answer.username}`;
}
