// Which attack is tried on which model, and how much all of it may ask for.
import type { Server, Trial } from '../model.js';
import { attacksOf } from './attack-verdict.js';
import { ABOUT_TURN, aboutModel, SMOKE_TOKENS } from './smoke.js';

const modelsOf = ({ redteam, models }: Server): string[] =>
  redteam.models.length > 0 ? redteam.models : [models.default];

export function trialsOf(server: Server): Trial[] {
  const models = modelsOf(server);
  const isOne = models.length === 1;
  return models.flatMap((model) =>
    attacksOf(server).map(({ name, title }) => ({
      id: isOne ? `redteam.${name}` : `redteam.${name}@${model}`,
      title: isOne ? title : `${title}, on ${model}`,
      attack: name,
      model,
    })),
  );
}

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const answerOf = ({ models }: Server, name: string): number =>
  models.list.find((model) => model.name === name)?.max_tokens ?? 0;

/** What may be asked of models at most, in words; each model's own budget holds besides. */
export function smokeBound(server: Server): string {
  const { list, default: name } = server.models;
  return `${many(list.length, 'question')} of at most ${SMOKE_TOKENS} tokens an answer, and one turn of the agent (${name}, at most ${answerOf(server, name)} tokens an answer)`;
}

export function redteamBound(server: Server, trials: readonly Trial[] = trialsOf(server)): string {
  const tokens = trials.reduce((sum, { model }) => sum + answerOf(server, model), 0);
  return `${many(trials.length, 'turn')} of the agent, at most ${tokens} tokens of answers unless it calls tools`;
}

/** What `--only` may name. */
export const idsOf = (runbook: string, server: Server): string[] =>
  runbook === 'smoke'
    ? [...server.models.list.map(({ name }) => aboutModel(name).id), ABOUT_TURN.id]
    : trialsOf(server).map(({ id }) => id);
