// The watchdog looks at each gateway of a host: what is wrong with one is told by its name, and one that is mute hides nothing of another.
import { expect, it } from 'vitest';
import type { Deps } from '../../src/activities/deps.js';
import type { Host } from '../../src/activities/host.js';
import { watchServer } from '../../src/activities/watchdog.js';
import { dockerNow } from '../../src/commands/docker-api.js';
import type { Command, Reading, Server } from '../../src/model.js';
import { views } from '../../src/stack/partitions.js';
import { serviceDefinitions } from '../../src/stack/services.js';
import { partitioned } from '../fixture-partitions.js';

const main = partitioned({ proxy: { kind: 'none' } });
const mute: Reading = { stdout: '', stderr: 'no answer', exitCode: 1 };

const running = (view: Server, without = '', restarts = 0): Reading => {
  const containers = serviceDefinitions(view)
    .filter(({ service }) => service !== without)
    .map(({ container }) => ({
      ...{
        name: container,
        status: 'running',
        health: 'healthy',
        restarts,
        upSeconds: 9_000,
        oomKilled: false,
      },
    }));
  return { stdout: JSON.stringify({ containers, networks: [], ports: [] }), stderr: '', exitCode: 0 };
};

/** What Docker says of each gateway, by the partition's name; of the server itself by none. */
function look(docker: Record<string, Reading>, restarts = {}) {
  const open = async (view: Server) => {
    const read = async (commands: readonly Command[]): Promise<Reading[]> =>
      commands.map((command) =>
        JSON.stringify(command) === JSON.stringify(dockerNow.read)
          ? (docker[view.stack.partition ?? ''] ?? mute)
          : mute,
      );
    return { via: { user: 'deploy', port: 9922 }, read } as unknown as Host;
  };
  const deps = { hosts: { open }, now: () => 0 } as unknown as Deps;
  return watchServer(deps, { server: main, restarts });
}

const [own, team, lab] = views(main) as [Server, Server, Server];
const well = { '': running(own), team: running(team), lab: running(lab) };

it('a container that is missing is told by the name of its partition, with the run that makes it', async () => {
  const seen = await look({ ...well, team: running(team, 'redis') });
  expect(seen.symptoms).toContainEqual(
    expect.objectContaining({
      ...{ key: 'watch.services@team:redis', text: 'team: redis has no container', level: 'critical' },
      remedy: [
        'clincher run partition --add team -s prod',
        expect.stringContaining('docker logs --tail 50 openclaw-team-redis'),
      ],
    }),
  );
  expect(seen.judged).toEqual(
    expect.arrayContaining(['watch.services', 'watch.services@team', 'watch.services@lab']),
  );
});

it('nobody restarts it unasked: the run that heals is the server’s own', async () => {
  const sick = running(team);
  sick.stdout = sick.stdout.replace('"healthy"', '"unhealthy"');
  const { symptoms } = await look({ ...well, team: sick });
  const found = symptoms.find(({ key }) => key.startsWith('watch.services@team'));
  expect(found).toBeDefined();
  expect(found).not.toHaveProperty('heals');
});

it('one that cannot be asked is unknown, and the others are judged', async () => {
  const seen = await look({ ...well, team: mute });
  expect(seen.symptoms.map(({ key }) => key)).toContain('watch.services@team?');
  expect(seen.judged).toEqual(expect.arrayContaining(['watch.services', 'watch.services@lab']));
  expect(seen.judged).not.toContain('watch.services@team');
});

it('restarts are counted by container; of one that is mute the counts stay', async () => {
  const { restarts } = await look(well);
  expect(Object.keys(restarts)).toEqual(
    expect.arrayContaining(['openclaw', 'openclaw-team', 'openclaw-lab-redis']),
  );
  const later = await look({ ...well, team: mute }, restarts);
  expect(later.restarts['openclaw-team']).toEqual(restarts['openclaw-team']);
});
