// The containers as the watchdog sees them: what is down, sick, killed or in a loop, and what a run does meanwhile.
import { describe, expect, it } from 'vitest';
import type { Running } from '../../src/commands/docker-api.js';
import type { Restarts, WatchContext } from '../../src/model.js';
import { serviceDefinitions } from '../../src/stack/services.js';
import { counted, risen } from '../../src/watches/restarts-risen.js';
import { containers, outOfMemory, restarts } from '../../src/watches/services.js';
import { server } from '../steps/fixture.js';

const lab = server();
const well = (name: string): Running =>
  ({
    name,
    status: 'running',
    health: 'healthy',
    restarts: 0,
    upSeconds: 9_000,
    oomKilled: false,
  }) as Running;
const all = serviceDefinitions(lab).map(({ container }) => well(container));
const docker = (...changed: Partial<Running>[]) => ({
  docker: {
    networks: [],
    ports: [],
    containers: all.map((each) => ({ ...each, ...changed.find(({ name }) => name === each.name) })),
  },
});
const free: WatchContext = { nowMs: 0, restarts: {} };
const held: WatchContext = { ...free, heldBy: 'lab-1a2b' };
const seen = (context: WatchContext, ...changed: Partial<Running>[]) =>
  containers.judge(docker(...changed), lab, context).symptoms;

describe('a service', () => {
  it('that is well is nothing to tell', () => {
    expect(containers.judge(docker(), lab, free)).toEqual({
      symptoms: [],
      fine: `${all.length} services run and are healthy`,
    });
    expect(seen(free, { name: 'openclaw-litellm', health: 'starting' })).toEqual([]);
  });
  it('that is unhealthy is told at once, and may be healed', () =>
    expect(seen(free, { name: 'openclaw-litellm', health: 'unhealthy' })).toMatchObject([
      { about: 'litellm', level: 'critical', looks: 1, heals: 'litellm' },
    ]));
  it('that somebody stopped is told when it lasts, and left to them', () => {
    const [stopped] = seen(free, { name: 'openclaw', status: 'exited', health: 'unhealthy' });
    expect(stopped).toMatchObject({ about: 'openclaw', text: 'openclaw is exited', looks: 2 });
    expect(stopped).not.toHaveProperty('heals');
  });
  it('without a container is missing', () => {
    const rest = { ...docker().docker, containers: all.slice(1) };
    const [gone] = containers.judge({ docker: rest }, lab, free).symptoms;
    expect(gone?.text).toMatch(/ has no container$/);
  });
  it('is not healed while a run is at work, and told only when that lasts', () => {
    const [sick] = seen(held, { name: 'openclaw-litellm', health: 'unhealthy' });
    expect(sick).toMatchObject({ looks: 4 });
    expect(sick).not.toHaveProperty('heals');
    expect(seen(held, { name: 'openclaw', status: 'exited' })).toMatchObject([{ looks: 4 }]);
  });
  it('that waits to be started over is no stopped one: its loop is told', () =>
    expect(seen(free, { name: 'openclaw', status: 'restarting', health: 'unhealthy' })).toEqual([]));
  it('that was killed for memory is told for an hour', () => {
    const judge = (upSeconds: number) =>
      outOfMemory.judge(docker({ name: 'openclaw', oomKilled: true, upSeconds }), lab, free).symptoms;
    expect(judge(60)).toMatchObject([{ text: 'openclaw was killed: it needed more memory than its limit' }]);
    expect(judge(4_000)).toEqual([]);
  });
});

describe('starts over', () => {
  const HOUR = 3600_000;
  const looks = (...seenNow: (readonly [number, number])[]): Restarts =>
    seenNow.reduce<Restarts>(
      (before, [atMs, count]) => counted(before, [{ name: 'openclaw', restarts: count }], atMs),
      {},
    );
  it('what the counter says at first is no rise', () =>
    expect(risen(looks([0, 40]))).toEqual({ openclaw: 0 }));
  it('rises add up within the hour, and are forgotten after it', () => {
    expect(risen(looks([0, 40], [1, 42], [2, 44]))).toEqual({ openclaw: 4 });
    expect(risen(looks([0, 40], [1, 44], [HOUR + 2, 44]))).toEqual({ openclaw: 0 });
  });
  it('a start by hand counts from none', () =>
    expect(risen(looks([0, 40], [1, 2]))).toEqual({ openclaw: 2 }));
  it('more than three within the hour are a loop', () => {
    const judge = (times: number) =>
      restarts.judge(docker(), lab, { ...free, restarts: { openclaw: times } }).symptoms;
    expect(judge(3)).toEqual([]);
    expect(judge(4)).toMatchObject([
      { about: 'openclaw', text: 'openclaw was started over more than 3 times within the hour' },
    ]);
  });
});
