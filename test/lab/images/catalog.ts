// The images of the stack by name, in the order in which they are made.
import { openclaw } from './openclaw.js';
import type { Recipe } from './recipe.js';

export const recipes = {
  'openclaw-2026.3.13': openclaw('2026.3.13'),
  'openclaw-2026.9.6': openclaw('2026.9.6'),
} satisfies Record<string, Recipe>;

export type ImageName = keyof typeof recipes;
