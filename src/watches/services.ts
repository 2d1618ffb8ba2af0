// The containers of the stack: missing, stopped, unhealthy, out of memory, started over too often.
import { onHost, runsGateway } from '../checks/define.js';
import { find } from '../checks/services.js';
import { type DockerNow, dockerNow, type Running } from '../commands/docker-api.js';
import type { Server, Symptom, WatchContext } from '../model.js';
import type { Service } from '../stack/service.js';
import { serviceDefinitions } from '../stack/services.js';
import { defineWatch, seen } from './define.js';

/** What a run stops is meant to be stopped: it is told when it lasts beyond what a run takes. */
const WHILE_HELD = 4;
/** A person may be at work, and the nightly backup stops the gateway for a second. */
const STOPPED_LOOKS = 2;
/** Docker keeps the mark of a kill until the next start of the container. */
const RECENT_SECONDS = 3600;

interface Seen {
  server: Server;
  context: WatchContext;
  service: Service;
  now: Running | undefined;
}

const looks = ({ heldBy }: WatchContext, otherwise: number): number =>
  heldBy === undefined ? otherwise : WHILE_HELD;

const logs = ({ server, service }: Seen): string =>
  onHost(server, `docker logs --tail 50 ${service.container}`);

function down(at: Seen): Symptom | undefined {
  const { server, context, service, now } = at;
  if (now?.status === 'running' || now?.status === 'restarting') return undefined;
  const how = now === undefined ? 'has no container' : `is ${now.status}`;
  return {
    about: service.service,
    level: 'critical',
    text: `${service.service} ${how}`,
    remedy: [`clincher run heal -s ${server.name}`, logs(at)],
    looks: looks(context, STOPPED_LOOKS),
  };
}

function sick(at: Seen): Symptom | undefined {
  const { server, context, service, now } = at;
  if (now?.status !== 'running' || now.health === 'healthy' || now.health === 'starting') return undefined;
  return {
    about: service.service,
    level: 'critical',
    text: `${service.service} runs and is ${now.health || 'without a health check'}`,
    remedy: [`clincher run heal -s ${server.name}`, logs(at)],
    looks: looks(context, 1),
    ...(context.heldBy === undefined && now.health === 'unhealthy' ? { heals: service.service } : {}),
  };
}

const each = (
  server: Server,
  docker: DockerNow,
  context: WatchContext,
  judge: (at: Seen) => Symptom | undefined,
): (Symptom | undefined)[] =>
  serviceDefinitions(server).map((service) =>
    judge({ server, context, service, now: find(docker, service) }),
  );

const counted = (server: Server): string => `${serviceDefinitions(server).length} services`;

export const containers = defineWatch({
  id: 'watch.services',
  title: 'Each service has a container that runs and is healthy',
  why: 'Docker starts again what ends; it never restarts what runs and is unhealthy, and tells nobody of either.',
  source: 'guide Step 13.2; https://docs.docker.com/engine/containers/start-containers-automatically/',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ docker: dockerNow }),
  judge: ({ docker }, server, context) =>
    seen(
      each(server, docker, context, (at) => down(at) ?? sick(at)),
      `${counted(server)} run and are healthy`,
    ),
});

export const restarts = defineWatch({
  id: 'watch.restarts',
  title: 'No service is started over again and again',
  why: 'One that ends and is started over looks alive each time one looks. Docker’s counter never falls, so it is its rise that counts.',
  source: 'guide Step 13.2 (RESTART_THRESHOLD=3)',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ docker: dockerNow }),
  judge({ docker }, server, context) {
    const limit = server.watchdog.restarts;
    const loop = (at: Seen): Symptom | undefined => {
      const times = context.restarts[at.service.container] ?? 0;
      if (times <= limit) return undefined;
      const text = `${at.service.service} was started over more than ${limit} times within the hour`;
      return {
        about: at.service.service,
        level: 'critical',
        text,
        remedy: [logs(at)],
        looks: looks(context, 1),
      };
    };
    return seen(each(server, docker, context, loop), `none more than ${limit} times within the hour`);
  },
});

export const outOfMemory = defineWatch({
  id: 'watch.oom',
  title: 'No service was killed for want of memory',
  why: 'The kernel ends what reaches its limit in the middle of its work; it comes back and looks well until the next time.',
  source: 'guide Step 13.2 (OOMKilled)',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ docker: dockerNow }),
  judge({ docker }, server, context) {
    const killed = ({ service, now }: Seen): Symptom | undefined =>
      now?.oomKilled && (now.status !== 'running' || now.upSeconds < RECENT_SECONDS)
        ? {
            about: service.service,
            level: 'critical',
            text: `${service.service} was killed: it needed more memory than its limit`,
            remedy: [
              'raise its memory in clincher.yaml (stack.limits), or choose a larger stack.tier',
              `clincher run provision -s ${server.name} --only 'stack.*'`,
            ],
          }
        : undefined;
    return seen(each(server, docker, context, killed), 'none');
  },
});
