// The agent does not find what it was told: its index, or the model that embeds for it.
import { defineCheck, runsGateway, unless } from '../checks/define.js';
import { dueIndex } from '../checks/memory.js';
import { memoryNow } from '../commands/memory-index.js';
import type { MemoryNow, Server, Sign } from '../model.js';
import { memoryModel } from '../stack/openclaw-models.js';
import { anyOf, defineDiagnosis, failed } from './define.js';
import { converge, indexMemory } from './repairs.js';

const hasMemory = (server: Server): boolean => runsGateway(server) && server.memory.enabled;

/** Files of this morning may wait for a search; these do not mend themselves. */
const isBroken = ({ index, files }: MemoryNow): boolean =>
  files > 0 && (index === null || index.model === null);

const index = defineCheck({
  id: 'diagnose.memory-index',
  title: 'There is an index, made to its end by the model that is configured',
  why: 'What is not in it is not found.',
  source: 'guide Step 12, row 7; https://docs.openclaw.ai/cli/memory',
  vantage: 'host',
  wanted: hasMemory,
  facts: () => ({ memory: memoryNow }),
  judge({ memory: seen }, server) {
    const { why, everything } = dueIndex(seen, server);
    const none = seen.index === null && seen.files > 0 ? ['there is no index'] : [];
    const wrong = everything || isBroken(seen) ? [...none, ...why] : [];
    return unless(wrong, 'whole', `clincher run memory -s ${server.name} --anyway`);
  },
});

const MODELS = failed('verify.models', /is missing/, 3);

/** Any other model that is missing is no matter of the memory. */
const embedderIsMissing: Sign = {
  ...MODELS,
  see: (findings, server) =>
    MODELS.see(findings, server)?.filter((line) => line === `${memoryModel(server)} is missing`),
};

export const memory = defineDiagnosis({
  id: 'diagnose.memory',
  symptom: 'The memory finds nothing',
  why: 'The agent answers as if it had never been told.',
  source: 'guide Step 12, row 7',
  wanted: hasMemory,
  asks: [index],
  suspects: [
    {
      id: 'memory-index',
      title: 'its index is gone, not whole, or of another model',
      needs: [anyOf(failed('diagnose.memory-index', /./, 3), failed('kept.memory', /./, 3))],
      repair: indexMemory,
    },
    {
      id: 'memory-model',
      title: 'LiteLLM has not the model that embeds for it',
      needs: [embedderIsMissing],
      repair: converge('stack.models,stack.services'),
    },
  ],
});
