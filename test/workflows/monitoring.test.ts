// monitoring: both halves in their order, each proved at its end; a server that nobody watches is left alone.
import { expect, test } from 'vitest';
import type { RunState, Server } from '../../src/model.js';
import { fixtureServer } from '../fixture-server.js';
import { fakes, plan, stackInput, survey, useStage } from './harness.js';

const stage = useStage();

async function told(overrides: Partial<Server>): Promise<{ calls: string[]; state: RunState }> {
  const calls: string[] = [];
  const set = fakes({
    survey: async ({ checklist }) => {
      calls.push(checklist);
      return survey(checklist, [plan(`${checklist}.step`, 'ok')]);
    },
    prove: async ({ only }) => {
      calls.push(`prove ${only}`);
      return { checks: [], outside: '', remoteMs: 0, remote: [], roundTrips: 1 };
    },
    ensureSecrets: async () => {
      calls.push('secrets');
      return { created: [] };
    },
  });
  const from = stackInput({ server: fixtureServer(overrides), onFailure: 'abort' });
  const state = await stage.tell(
    'monitoring',
    set,
    (story) => story.handle.result() as Promise<RunState>,
    from,
  );
  return { calls, state };
}

test('a monitor: hardened first, its secrets made before its files, proved at the end', async () => {
  const { calls } = await told({ role: 'monitor', watched: [] });
  expect(calls).toEqual([
    ...['base', 'harden.host', 'secrets', 'metrics', 'monitoring'],
    'prove kept.monitor-*',
  ]);
});

test('a watched server: the firewall before the door', async () => {
  const monitoring = { ...fixtureServer().monitoring, monitor: 'watch' };
  const { calls } = await told({ monitoring });
  expect(calls).toEqual([
    ...['harden.host', 'secrets', 'stack', 'services', 'metrics'],
    'prove kept.metrics-*',
  ]);
});

test('a server that nobody watches is not touched', async () => {
  const { calls, state } = await told({});
  expect([calls, state.status]).toEqual([[], 'done']);
});
