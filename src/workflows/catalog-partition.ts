// The runbook of partitions: the part of catalog.ts that is its own.
import type { Runbook } from './catalog.js';

export const PARTITION_BOOK: Runbook = {
  name: 'partition',
  title:
    'A further gateway beside the server’s own, with a bot of its own (--add): proved, else undone; or one taken away (--remove)',
  mutating: true,
  danger: 'ask',
  checklists: ['stack', 'harden.openclaw', 'services', 'backup'],
  besides:
    'The server’s own gateway goes on meanwhile. A backup is made: after the first proof of a partition, and before one is taken away, which you are asked for once more.',
  needsGateway: true,
};
