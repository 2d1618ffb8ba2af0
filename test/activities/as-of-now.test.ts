// What has expired is in no configuration that an activity sees, however old the one is that its run was started with.
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect, it } from 'vitest';
import type { Activities } from '../../src/activities/api.js';
import type { Deps } from '../../src/activities/deps.js';
import { createActivities } from '../../src/activities/index.js';
import type { Server } from '../../src/model.js';
import { withExtras } from '../../src/stack/egress-extras.js';
import { fixtureServer } from '../fixture-server.js';

const server = withExtras(fixtureServer(), [
  { domain: 'old.example.com', reason: 'a trial', expires: '2026-11-26' },
  { domain: 'new.example.com', reason: 'for good' },
]);

/** The domains with which `activity` opened its host, at that moment. */
async function seenBy(activity: keyof Activities, now: string): Promise<string[]> {
  const opened: Server[] = [];
  const deps = {
    hosts: {
      open: async (each: Server) => {
        opened.push(each);
        throw new Error('that is enough');
      },
    },
    secrets: { redact: (text: string) => text },
    now: () => Date.parse(now),
  } as unknown as Deps;
  const work = createActivities(deps)[activity] as (input: object) => Promise<unknown>;
  const input = { server, checklist: 'stack', step: 'stack.egress', key: 'k', run: 'r', who: 'w', task: 't' };
  await new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
    .run(work, input)
    .catch(() => {});
  return opened.flatMap(({ stack }) => stack.egress.extra_domains.map(({ domain }) => domain));
}

it.each(['survey', 'converge', 'prove', 'preflight', 'lookAtEgress', 'tryEgress', 'makeBackup'] as const)(
  '%s',
  async (activity) => {
    expect(await seenBy(activity, '2026-11-26T23:59:59Z')).toEqual(['old.example.com', 'new.example.com']);
    expect(await seenBy(activity, '2026-11-27T00:00:00Z')).toEqual(['new.example.com']);
  },
);
