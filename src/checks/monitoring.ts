// Checks of monitoring: that the door lets in the token alone, that everything is really read, and that nothing of it faces the world.
import { dockerNow } from '../commands/docker-api.js';
import { doorNow, listeners, monitorNow } from '../commands/monitoring.js';
import { PORTS } from '../monitoring/places.js';
import { monitorServices } from '../monitoring/services.js';
import { FIGURE_NAMES } from '../stack/metrics-door.js';
import { doorName, isMonitor, isWatched } from '../stack/watched.js';
import { defineCheck, rerun, unless } from './define.js';
import { metering } from './facts.js';
import { well } from './services.js';

export const metricsServices = defineCheck({
  id: 'kept.metrics-services',
  title: 'Exporters and the door to them run and are healthy',
  why: 'What cannot be read is not watched.',
  source: 'guide Step 13.2.1',
  vantage: 'host',
  wanted: isWatched,
  facts: () => ({ docker: dockerNow }),
  judge: ({ docker }, server) => well(docker, metering(server), server, 'metrics.*'),
});

export const metricsDoor = defineCheck({
  id: 'kept.metrics-door',
  title: 'The door gives figures to whoever shows the token, and nothing to anybody else',
  why: 'Figures tell which models are asked, when, and for how much.',
  source: 'guide Step 13.2.1; https://prometheus.io/docs/operating/security/',
  vantage: 'host',
  wanted: isWatched,
  facts: (server) => ({
    metricsDoor: doorNow({
      directory: server.stack.directory,
      name: doorName(server.name),
      port: server.monitoring?.port ?? 0,
      paths: FIGURE_NAMES,
    }),
  }),
  judge({ metricsDoor: door }, server) {
    const wrong = door.flatMap(({ path, stranger, wrongToken, known }) => [
      ...(stranger === 401 ? [] : [`/${path} answers ${stranger} to whoever shows no token`]),
      ...(wrongToken === 401 ? [] : [`/${path} answers ${wrongToken} to a wrong token`]),
      ...(known === 200 ? [] : [`/${path} answers ${known} to the right one`]),
    ]);
    return unless(
      wrong,
      `${door.map(({ path }) => path).join(', ')}: 200 with the token, else 401`,
      rerun(server, 'stack.*,metrics.*'),
    );
  },
});

export const monitorTargets = defineCheck({
  id: 'kept.monitor-targets',
  title: 'Everything that is to be watched is really read',
  why: 'A target that is down looks on a dashboard like a server on which nothing happens.',
  source: 'guide Step 13.2.1; https://prometheus.io/docs/prometheus/latest/querying/api/#targets',
  vantage: 'host',
  wanted: isMonitor,
  facts: () => ({ monitorNow }),
  judge({ monitorNow: now }, server) {
    const up = now.targets.filter(({ health }) => health === 'up');
    const wrong = [
      ...now.targets
        .filter(({ health }) => health !== 'up')
        .map(({ job, error }) => `${job}: ${error || 'not read yet'}`),
      ...now.ruleErrors.map((each) => `rule ${each}`),
      ...(now.alertmanagers === 1 ? [] : ['Prometheus knows no Alertmanager']),
    ];
    return unless(
      wrong,
      `${up.length} targets are read, ${now.rules} rules evaluated`,
      rerun(server, 'monitoring.*'),
      ...(server.watched ?? []).map(({ name }) => `clincher run monitoring -s ${name}`),
    );
  },
});

export const monitorServicesWell = defineCheck({
  id: 'kept.monitor-services',
  title: 'What watches runs and is healthy',
  why: 'Whoever watches and does not run says nothing, which looks like good news.',
  source: 'guide Step 13.2.1',
  vantage: 'host',
  wanted: isMonitor,
  facts: () => ({ monitorNow }),
  judge({ monitorNow: now }, server) {
    const wrong = monitorServices(server).flatMap(({ service, container }) => {
      const state = now.containers[container];
      return state === 'running healthy' ? [] : [`${service} is ${state ?? 'missing'}`];
    });
    return unless(wrong, `${monitorServices(server).length} services healthy`, rerun(server, 'monitoring.*'));
  },
});

export const monitorPorts = defineCheck({
  id: 'kept.monitor-ports',
  title: 'What watches listens on loopback alone',
  why: 'Prometheus and Alertmanager ask nobody who they are: whoever reaches them reads everything, and silences it.',
  source: 'https://prometheus.io/docs/operating/security/',
  vantage: 'host',
  wanted: isMonitor,
  facts: () => ({ listeners }),
  judge({ listeners: all }, server) {
    const open = all.filter(
      ({ address, port }) => Object.values(PORTS).includes(port) && !/^(127\.|\[::1\])/.test(address),
    );
    return unless(
      open.map(({ address, port }) => `${address}:${port} faces the network`),
      'no port of it faces the network',
      rerun(server, 'monitoring.*'),
    );
  },
});
