// Conversations that nobody goes on with: what OpenClaw's own maintenance would take out, and its order to do it.
import type { Action, Command, Reading, StaleConversations } from '../model.js';
import { jsonOf, offline } from './openclaw.js';

const cleanup = (...words: string[]): Command => offline('sessions', 'cleanup', ...words);

/** What would go, in words; and whether anything would, as JSON: neither has both. */
export const staleReads: readonly Command[] = [cleanup('--dry-run'), cleanup('--dry-run', '--json')];

/** A row of the table, in the frame of newer versions or without: `prune-stale  agent:main:…  95d ago`. */
const ROW = /^[\s│]*([a-z]+(?:-[a-z]+)+)[\s│]+(agent:\S+)[\s│]+(\S+ ago)/;

/** With `logging.consoleStyle: json` newer versions say everything as lines of the log. */
function plain(line: string): string[] {
  if (!line.startsWith('{"time"')) return [line];
  const { message } = JSON.parse(line) as { message?: unknown };
  return String(message ?? '').split('\n');
}

/** Throws where the table and the numbers say different things: nobody is asked about a list that is not whole. */
export function stale([table, numbers]: readonly Reading[]): StaleConversations {
  const said = jsonOf(numbers!) as { beforeCount?: unknown; afterCount?: unknown; wouldMutate?: unknown };
  const { beforeCount: before, afterCount: after, wouldMutate } = said;
  if (typeof before !== 'number' || typeof after !== 'number' || typeof wouldMutate !== 'boolean')
    throw new Error('openclaw does not say how many conversations would go');
  const found = table!.stdout
    .split('\n')
    .flatMap(plain)
    .flatMap((line) => {
      const [, what, key, age] = ROW.exec(line) ?? [];
      return what === undefined ? [] : [`${what} ${key}, last used ${age}`];
    });
  if (found.length < before - after)
    throw new Error(`openclaw would remove ${before - after} conversations, and lists ${found.length}`);
  return { found, kept: after };
}

/** Also where the gateway may only warn, as it may when a person is asked first. */
export const clearStale: Action = { command: cleanup('--enforce', '--json') };
