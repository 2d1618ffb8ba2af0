// One y/N before something is changed for good; --yes says it beforehand.
import { ClincherError } from '../errors.js';
import type { Ask } from './deps.js';
import type { Io } from './io.js';

export async function agreed(io: Io, ask: Ask, question: string, yes: boolean | undefined): Promise<boolean> {
  if (yes) return true;
  if (io.canPrompt) return ask.confirm(io, question);
  throw new ClincherError('USAGE', `${question} Nobody is there to agree.`, { remedy: ['add --yes'] });
}
