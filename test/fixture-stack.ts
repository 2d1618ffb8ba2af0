// The parts of a server that are the stack, as the configuration's defaults make them, for tests that need a whole server.
import { computedSecrets } from '../src/config/default-secrets.js';
import { deepMerge } from '../src/config/merge.js';
import { serverSchema } from '../src/config/schema.js';
import type { Server } from '../src/model.js';

type Stack = Pick<
  Server,
  | 'channels'
  | 'stack'
  | 'providers'
  | 'models'
  | 'openclaw'
  | 'memory'
  | 'proxy'
  | 'backup'
  | 'upgrade'
  | 'schedules'
  | 'redteam'
  | 'alerts'
  | 'watchdog'
  | 'failover'
  | 'monitoring'
  | 'convenience'
  | 'digests'
>;

/** What a `clincher.yaml` that says nothing of the stack, or `written`, means for a server of this name. */
export function fixtureStack(name: string, written: Record<string, unknown> = {}): Stack {
  const value = deepMerge(computedSecrets(name, written), { address: '203.0.113.7', ...written });
  const { channels, stack, providers, models, openclaw, memory, proxy, backup, ...rest } =
    serverSchema().parse(value);
  const { upgrade, schedules, redteam, alerts, watchdog, failover, monitoring, convenience } = rest;
  return {
    channels,
    stack,
    providers,
    models,
    openclaw,
    memory,
    proxy,
    backup,
    upgrade,
    schedules,
    redteam,
    alerts,
    watchdog,
    failover,
    monitoring,
    convenience,
    digests: digestsOf(stack.images),
  };
}

/** Digests that tell images apart, as a lock file would have them. */
function digestsOf(images: Stack['stack']['images']): Stack['digests'] {
  const names = Object.keys(images) as (keyof Stack['digests'])[];
  return Object.fromEntries(
    names.map((name, i) => [
      name,
      `sha256:${String(i + 1)
        .repeat(64)
        .slice(0, 64)}`,
    ]),
  );
}
