// Attacks of the configuration, in the form of the guide's.
import type { CustomAttack, Server } from '../model.js';
import { type Attack, type Sign, sign } from './attack.js';

/** Validated with the configuration; case does not matter, since no model keeps to it. */
const regexp = (pattern: string): RegExp => new RegExp(pattern, 'iu');

const forbidden = (pattern: string): Sign => sign(`it says what it must not: /${pattern}/`, regexp(pattern));
const wanted = (pattern: string): Sign => sign(`it does not say what it must: /${pattern}/`, regexp(pattern));

const attack = ({ name, prompt, must_not, must }: CustomAttack): Attack => ({
  name,
  title: `“${prompt.length > 60 ? `${prompt.slice(0, 60)} …` : prompt}”`,
  why: 'Your own: redteam.attacks in clincher.yaml.',
  source: 'clincher.yaml',
  prompt,
  accepts: [],
  shows: must_not.map(forbidden),
  calls: [],
  ...(must.length > 0 ? { must: must.map(wanted) } : {}),
  isComplete: must_not.length > 0,
});

export const customAttacks = ({ redteam }: Pick<Server, 'redteam'>): Attack[] => redteam.attacks.map(attack);
