// Whether a server is down is no single machine's to say: several look, and the one that cannot look does not count.
import type { Sighting } from '../model.js';

export interface Standing {
  /** `down`: most of those that could look see nothing, and at least two could. `alone`: fewer than two could look. */
  verdict: 'down' | 'answers' | 'alone';
  lines: string[];
}

export function standingOf(seen: readonly Sighting[]): Standing {
  const lines = seen.map(({ from, sees, what }) => `${from}: ${WORDS[sees]} (${what})`);
  const witnesses = seen.filter(({ sees }) => sees !== 'unknown');
  const silent = witnesses.filter(({ sees }) => sees === 'silent').length;
  if (2 * silent <= witnesses.length && witnesses.length > 0) return { verdict: 'answers', lines };
  return { verdict: witnesses.length < 2 ? 'alone' : 'down', lines };
}

const WORDS: Record<Sighting['sees'], string> = {
  answers: 'it answers',
  silent: 'it does not answer',
  unknown: 'unknown',
};
