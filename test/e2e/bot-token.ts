// A bot of the lab: a made-up token that the lab's Bot API takes, in a file that clincher.yaml refers to.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelServer } from '../lab/images/model-server.js';
import type { Stage } from './stage.js';

export interface LabBot {
  token: string;
  /** `channels.telegram` of a server that it answers at. */
  channel: { enabled: true; token: string; api_root: string };
}

/** Of the form that BotFather gives out; nobody's, and another each time. */
export const newBotToken = (): string =>
  `${100_000_000 + Math.floor(Math.random() * 800_000_000)}:${'OfNobody'.repeat(5).slice(0, 35)}`;

export async function labBot(stage: Stage, models: ModelServer): Promise<LabBot> {
  const token = newBotToken();
  const [id] = token.split(':');
  const file = join(stage.folder, `bot-${id}`);
  writeFileSync(file, token, { mode: 0o600 });
  await models.bot.add(token, `lab_${id}_bot`);
  return { token, channel: { enabled: true, token: `file:${file}`, api_root: models.url } };
}
