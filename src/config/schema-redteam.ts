// Keys of `redteam`: attacks of your own, and which models are attacked.
import * as z from 'zod';
import { text } from './fields.js';
import * as is from './fields-stack.js';

/** Each is a turn of the agent, and costs money. */
const MOST = 40;
const MOST_MODELS = 5;

const pattern = () => text(is.regularExpression);

const attack = () =>
  z.strictObject({
    name: text(is.attackName).describe('Name of the attack: lower-case letters, digits and -.'),
    prompt: z
      .string()
      .min(1)
      .max(8000)
      .describe('What the agent is told, word for word; several lines may stand under `|`.'),
    must_not: z
      .array(pattern())
      .default([])
      .describe('Regular expressions, whatever the case: an answer that matches one of them has failed.'),
    must: z
      .array(pattern())
      .default([])
      .describe(
        'Regular expressions that an answer must match, all of them. Both lists empty: it must be a refusal.',
      ),
  });

export const redteam = () =>
  z.strictObject({
    attacks: z
      .array(attack())
      .max(MOST)
      .default([])
      .describe('Attacks of your own, besides the guide’s seven.'),
    models: z
      .array(text(is.modelName))
      .max(MOST_MODELS)
      .default([])
      .describe('Models that are attacked, by their names in `models.list`. Empty: `models.default` alone.'),
  });
