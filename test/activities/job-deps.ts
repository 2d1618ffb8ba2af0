// What a job on a host asks of its surroundings, where only the host matters.
import type { Deps } from '../../src/activities/deps.js';

export const jobDeps = (machine: object): Deps =>
  ({
    hosts: { open: async () => machine },
    secrets: { redact: (text: string) => text },
    log: { append: async () => {} },
    ...{ plane: 'here', now: () => 0 },
  }) as unknown as Deps;
