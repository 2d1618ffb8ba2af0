// Checks of the services as such: that they run, are well, and are made of the contents that were locked.
import { type DockerNow, dockerNow, type Running } from '../commands/docker-api.js';
import { sh } from '../commands/shell.js';
import type { Fact, Server } from '../model.js';
import type { Service } from '../stack/service.js';
import { defineCheck, fail, onHost, pass, rerun, runsGateway, unless } from './define.js';
import { core, exposing, metering } from './facts.js';

/** So many starts over may be a busy morning; more, and the last of them just now, is a loop. Docker never forgets them. */
const RESTARTS = 3;
const CALM_SECONDS = 600;

const isLoop = (now: Running | undefined): boolean =>
  now !== undefined && now.restarts > RESTARTS && now.upSeconds < CALM_SECONDS;

export const find = ({ containers }: DockerNow, { container }: Service): Running | undefined =>
  containers.find(({ name }) => name === container);

function trouble(now: Running | undefined, { service }: Service): string[] {
  if (now === undefined) return [`${service} has no container`];
  if (now.oomKilled) return [`${service} was killed: it needed more memory than its limit`];
  if (now.status !== 'running') return [`${service} is ${now.status}`];
  const loop = isLoop(now)
    ? [`${service} was started over ${now.restarts} times, the last time ${now.upSeconds} s ago`]
    : [];
  if (now.health === 'healthy') return loop;
  return [`${service} is ${now.health || 'without a health check'}`, ...loop];
}

const started = (docker: DockerNow, list: readonly Service[]): string[] =>
  list.map((each) => {
    const restarts = find(docker, each)?.restarts ?? 0;
    return `${each.service} healthy${restarts > 0 ? `, started over ${restarts} times` : ''}`;
  });

/** Each of them runs, is healthy, and was not started over and over. */
export const well = (docker: DockerNow, list: readonly Service[], server: Server, steps: string) => {
  const wrong = list.flatMap((each) => trouble(find(docker, each), each));
  if (wrong.length === 0) return pass(started(docker, list).join('; '));
  const [first] = list.filter((each) => trouble(find(docker, each), each).length > 0);
  const logs = onHost(server, `docker logs --tail 50 ${first?.container ?? ''}`);
  const loops = list.filter((each) => isLoop(find(docker, each)));
  const anew = loops.map(({ container }) => onHost(server, `docker restart ${container}`));
  return fail(
    wrong,
    rerun(server, steps),
    logs,
    ...anew.map((line) => `${line}   counts anew, once it is mended`),
  );
};

export const services = defineCheck({
  id: 'verify.services',
  title: 'The five services run and are healthy',
  why: 'A service that is down takes others with it; one that starts over and over looks alive each time one looks.',
  source: 'guide Step 10, pre-launch 2; https://docs.docker.com/reference/compose-file/services/#healthcheck',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ docker: dockerNow }),
  judge: ({ docker }, server) => well(docker, core(server), server, 'stack.*'),
});

const digestOf = (image: string): string | undefined => /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];

/** By contents: a name may say one thing while another runs. */
export function wrongImage(now: Running | undefined, { service, image }: Service): string[] {
  if (now === undefined) return [];
  const digest = digestOf(image);
  if (digest === undefined) return now.image === image ? [] : [`${service} runs ${now.image}, not ${image}`];
  const isSame = now.digests.some((each) => each.endsWith(`@${digest}`));
  const runs = now.digests.map((each) => each.replace(/^.*@/, '')).join(', ') || 'an image without a digest';
  return isSame ? [] : [`${service} runs ${runs}, the lock says ${digest}`];
}

export const images = defineCheck({
  id: 'verify.images',
  title: 'Each container runs the contents that the lock file names',
  why: 'Whoever can push to a registry, or to this host, can put other contents under a name that everybody trusts.',
  source: 'guide Step 10, pre-launch 5; CIS Docker 4.2',
  vantage: 'host',
  wanted: runsGateway,
  facts: () => ({ docker: dockerNow }),
  judge({ docker }, server) {
    const wrong = core(server).flatMap((each) => wrongImage(find(docker, each), each));
    return unless(
      wrong,
      'every digest is the locked one',
      rerun(server, 'stack.images,stack.services'),
      'clincher images check',
    );
  },
});

/** `image:` of every compose file in the folder. */
const named = (directory: string): Fact<string[]> => ({
  read: sh(
    'cd -- "$1" && cat docker-compose.yml compose.*.yml 2>/dev/null | sed -n "s/^ *image: *//p"',
    directory,
  ),
  parse({ stdout, stderr }) {
    const found = stdout
      .split('\n')
      .filter(Boolean)
      .map((name) => name.replace(/^["']|["']$/g, ''));
    if (found.length === 0) throw new Error(stderr.trim() || 'no compose file names an image');
    return found;
  },
});

export const pinned = defineCheck({
  id: 'verify.pinned',
  title: 'Compose files name images by digest',
  why: 'With a tag, the next pull may bring anything, and a recovery on another host something else than what ran here.',
  source:
    'guide Step 10, pre-launch 5; https://docs.docker.com/reference/cli/docker/image/pull/#pull-an-image-by-digest-immutable-identifier',
  vantage: 'host',
  wanted: runsGateway,
  facts: ({ stack }) => ({ named: named(stack.directory) }),
  judge({ named: found }, server) {
    const built = new Set(
      [...core(server), ...exposing(server), ...metering(server)]
        .map(({ image }) => image)
        .filter((image) => digestOf(image) === undefined),
    );
    const loose = found.filter((name) => digestOf(name) === undefined && !built.has(name));
    return unless(
      loose.map((name) => `${name} is named by tag`),
      `${found.length} images are named by digest${built.size > 0 ? `, ${built.size} built here from a pinned commit` : ''}`,
      rerun(server, 'stack.compose,stack.services'),
    );
  },
});
