// Whether the agent finds what it has written down: its index against the files, what it takes, and an answer to a question.
import { memoryNow } from '../commands/memory-index.js';
import type { CheckResult, MemoryFiles, MemoryNow, MemorySearch, Server } from '../model.js';
import { memoryModel } from '../stack/openclaw-models.js';
import { HOUR, hours } from './backups.js';
import { defineCheck, fail, pass, runsGateway, unless } from './define.js';

/** Before 2026.8 the gateway takes new files up when somebody next searches. */
const LATE_SECONDS = 24 * 3600;
/** The agent may have written something this very moment. */
const JUST_NOW_SECONDS = 120;

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const files = (count: number): string => `${count} file${count === 1 ? '' : 's'}`;

export function toldIndex({ files: there, index }: MemoryNow): string {
  if (index === null) return `${files(there)}, no index yet`;
  const left = index.leftBytes > 0 ? `, ${mb(index.leftBytes)} left by rebuilds that were cut off` : '';
  return `${files(there)}, ${index.files} in the index of ${mb(index.bytes)}, ${index.model ?? 'never made to its end'}${left}`;
}

const isTooLarge = ({ index }: MemoryNow, { memory }: Server): boolean =>
  (index?.bytes ?? 0) + (index?.leftBytes ?? 0) > memory.max_index_mb * 1e6;

function behind({ now, behind: count, since }: MemoryNow, patienceSeconds: number): string[] {
  if (since === null || now - since < patienceSeconds) return [];
  const age = now - since < HOUR ? '' : `, for ${hours(now - since)}`;
  return [`${files(count)} not in the index as they are${age}`];
}

/** It works until the next start, which makes it all again. */
const unfinished = ({ files: there, index }: MemoryNow): string[] =>
  there > 0 && index !== null && index.model === null ? ['it was never made to its end'] : [];

const replaced = ({ index }: MemoryNow): string[] =>
  index?.isReplaced ? ['the gateway searches an index that was replaced, until it is restarted'] : [];

const large = (seen: MemoryNow, server: Server): string[] =>
  isTooLarge(seen, server)
    ? [
        `the index takes ${mb((seen.index?.bytes ?? 0) + (seen.index?.leftBytes ?? 0))}, more than the ${server.memory.max_index_mb} MB of memory.max_index_mb`,
      ]
    : [];

const again = ({ name }: Server): string => `clincher run memory -s ${name}`;

export const memoryIndex = defineCheck({
  id: 'kept.memory',
  title: 'The index of the memory is of the files as they are, and not too large',
  why: 'What is not in it is not found: the agent then answers as if it had never been told, and nobody sees why.',
  source: 'guide Step 8 (memory): monthly, rebuilt above about 500 MB; https://docs.openclaw.ai/cli/memory',
  vantage: 'host',
  wanted: (server) => runsGateway(server) && server.memory.enabled,
  facts: () => ({ memory: memoryNow }),
  judge: ({ memory: seen }, server: Server) =>
    unless(
      [...behind(seen, LATE_SECONDS), ...replaced(seen), ...large(seen, server)],
      toldIndex(seen),
      again(server),
      'where it is still too large then: memory.max_index_mb in clincher.yaml',
    ),
});

export interface Due {
  why: string[];
  /** All of it, not only what differs. */
  everything: boolean;
}

export function dueIndex(seen: MemoryNow, server: Server): Due {
  const model = seen.index?.model;
  const other =
    model && model !== memoryModel(server)
      ? [`it is of ${model}, clincher.yaml says ${memoryModel(server)}`]
      : [];
  const whole = [...replaced(seen), ...large(seen, server), ...other];
  return { why: [...behind(seen, 0), ...unfinished(seen), ...whole], everything: whole.length > 0 };
}

const result = (id: string, title: string, judgement: ReturnType<typeof pass>): CheckResult => ({
  ...{ id: `memory.${id}`, title, why: memoryIndex.why, source: memoryIndex.source },
  ...{ vantage: 'host', ...judgement },
});

function judgeSearch({ asked, found, error }: MemorySearch, server: Server): ReturnType<typeof pass> {
  if (error === undefined && asked === 0) return pass('there is nothing to ask for yet');
  const said = `asked for ${asked} of its own lines, it found ${found}`;
  if (error === undefined && found > 0) return pass(said);
  return fail([error ?? said], `clincher run smoke -s ${server.name}`, `${again(server)} --anyway`);
}

/** After it was made anew: nothing is behind, no file was lost, and the gateway finds what it is asked for. */
export const judgeMade = (
  seen: MemoryNow,
  kept: MemoryFiles,
  search: MemorySearch,
  server: Server,
): CheckResult[] => [
  result(
    'whole',
    'The index is of the files as they are',
    unless(
      [...behind(seen, JUST_NOW_SECONDS), ...unfinished(seen), ...replaced(seen)],
      toldIndex(seen),
      `${again(server)} --anyway`,
    ),
  ),
  result(
    'kept',
    'No file of the memory is gone',
    unless(
      kept.gone > 0 ? [`${files(kept.gone)} of ${kept.before} that were there before`] : [],
      `${files(kept.before)}, ${kept.changed === 0 ? 'the same before and after' : `${kept.changed} written by the agent meanwhile`}`,
      `clincher backups ls -s ${server.name}`,
    ),
  ),
  result('found', 'The gateway finds what it is asked for', judgeSearch(search, server)),
];
