// Checks of the ways out, asked from inside the gateway's container. That nothing gets out is no proof of a list: a dead proxy does the same.

import { type DockerNow, dockerNow } from '../commands/docker-api.js';
import { file } from '../commands/files.js';
import { type Connected, type Inside, sayingOf } from '../commands/inside.js';
import type { Judgement, Server } from '../model.js';
import { egress } from '../stack/services-doors.js';
import { defineCheck, fail, onHost, pass, rerun, runsGateway, unknown, unless } from './define.js';
import { isWithin, privateTargets, REFUSED, reachable } from './egress-targets.js';
import { fromInside, PUBLIC } from './facts.js';

const facts = (server: Server) => ({ inside: fromInside(server) });

/** Smokescreen's answers to CONNECT: 200 let out, 502 let out to where nobody answers, 407 refused by its list. */
type Egress = 'allowed' | 'denied' | 'dead' | 'other';

export function egressOf(said: Connected | undefined): Egress {
  if (said?.status === undefined) return 'dead';
  if (said.status === 407) return 'denied';
  return said.status === 200 || said.status === 502 || said.status === 504 ? 'allowed' : 'other';
}

const isDead = ({ connects }: Inside): boolean =>
  Object.values(connects).every((said) => egressOf(said) === 'dead');

const wording = (target: string, said: Connected | undefined): string =>
  `CONNECT ${target}: the egress proxy ${sayingOf(said ?? {})}${said?.reason ? ` (${said.reason.slice(0, 160)})` : ''}`;

const DEAD = 'the egress proxy is dead: what does not get out now was not refused by any list';

const ifAlive = (inside: Inside, judge: () => Judgement): Judgement =>
  isDead(inside) ? unknown(DEAD) : judge();

export const egressProxy = defineCheck({
  id: 'verify.egress-proxy',
  title: 'The egress proxy answers the gateway',
  why: 'Dead, it looks like a perfect wall; no model, no channel and no check of the list works then.',
  source: 'guide Step 10; https://github.com/stripe/smokescreen',
  vantage: 'host',
  wanted: runsGateway,
  facts,
  judge({ inside }, server) {
    if (!isDead(inside)) return pass('it answers CONNECT');
    const [target, said] = Object.entries(inside.connects)[0] ?? ['', undefined];
    return fail(
      [wording(target, said), DEAD],
      onHost(server, 'docker logs --tail 50 openclaw-egress'),
      rerun(server, 'stack.*'),
    );
  },
});

export const egressAllowed = defineCheck({
  id: 'verify.egress-allowed',
  title: 'The egress proxy lets out what the configuration needs',
  why: 'A list that lost an entry fails as a model or a channel that does not answer, and says so nowhere.',
  source: 'guide Step 10',
  vantage: 'host',
  wanted: (server) => runsGateway(server) && reachable(server).length > 0,
  facts,
  judge: ({ inside }, server) =>
    ifAlive(inside, () => {
      const [target = ''] = reachable(server);
      const said = inside.connects[target];
      const seen = wording(target, said);
      if (egressOf(said) === 'allowed') return pass(seen);
      return fail([seen], rerun(server, 'stack.egress,stack.services'));
    }),
});

const refuses = (
  inside: Inside,
  targets: readonly string[],
  server: Server,
  alsoWrong: readonly string[] = [],
): Judgement =>
  ifAlive(inside, () => {
    const open = targets.filter((target) => egressOf(inside.connects[target]) !== 'denied');
    return unless(
      [...open.map((target) => wording(target, inside.connects[target])), ...alsoWrong],
      `407 to ${targets.join(', ')}`,
      rerun(server, 'stack.egress,stack.compose,stack.services'),
    );
  });

export const egressDenied = defineCheck({
  id: 'verify.egress-denied',
  title: 'The egress proxy refuses a name that is not on its list',
  why: 'This is the wall before stolen data: with the list open, one successful prompt sends it anywhere.',
  source: 'guide Step 10, pre-launch 3',
  vantage: 'host',
  wanted: runsGateway,
  facts,
  judge: ({ inside }, server) => refuses(inside, [REFUSED], server),
});

/** Its list refuses an address before the proxy asks what network that is in: a network let out shows in its flags alone. */
function tooWide({ containers }: DockerNow, server: Server): string[] {
  const args = containers.find(({ service }) => service === 'openclaw-egress')?.args ?? [];
  const meant = egress(server).definition['command'] as readonly string[];
  return args
    .filter((word) => /^--?(unsafe-)?allow-/.test(word) && !meant.includes(word))
    .map((word) => `openclaw-egress was started with ${word}`);
}

export const egressPrivate = defineCheck({
  id: 'verify.egress-private',
  title: 'The egress proxy refuses private addresses and the cloud’s metadata',
  why: 'From there an agent could ask the cloud for the machine’s own credentials, or reach your other servers.',
  source: 'guide Step 3; https://github.com/stripe/smokescreen#ip-filtering',
  vantage: 'host',
  wanted: runsGateway,
  facts: (server: Server) => ({ inside: fromInside(server), docker: dockerNow }),
  judge: ({ inside, docker }, server) =>
    refuses(inside, privateTargets(server), server, tooWide(docker, server)),
});

/** Docker before 23 sets a route into a network that is internal as well: it ends at a bridge that forwards nothing. */
const waysOut = ({ defaultRoutes }: Inside, { networks }: DockerNow): Inside['defaultRoutes'] => {
  const closed = networks.filter(({ internal }) => internal).flatMap(({ subnets }) => subnets);
  return defaultRoutes.filter(({ gateway }) => !closed.some((subnet) => isWithin(gateway, subnet)));
};

export const egressOnly = defineCheck({
  id: 'verify.egress-only',
  title: 'Without the egress proxy the gateway has no way out at all',
  why: 'A program that ignores proxy settings must find no route, or the list is only advice.',
  source: 'guide Step 3; https://docs.docker.com/reference/compose-file/networks/#internal',
  vantage: 'host',
  wanted: runsGateway,
  facts: (server: Server) => ({ inside: fromInside(server), docker: dockerNow }),
  judge({ inside, docker }, server) {
    const wrong = [
      ...waysOut(inside, docker).map(({ by }) => `the gateway has a route to everywhere by ${by}`),
      ...(inside.direct.status === undefined ? [] : [`the gateway reached ${PUBLIC} past the egress proxy`]),
    ];
    return unless(
      wrong,
      `no route out; ${PUBLIC}: ${inside.direct.error ?? ''}`,
      rerun(server, 'stack.compose,stack.services'),
    );
  },
});

/** `*`, or a wildcard over a whole top-level domain. */
const isCatchAll = (domain: string): boolean =>
  /^(\*|\*?\.?\*?\.?[a-z0-9-]+|0\.0\.0\.0.*)$/i.test(domain) && domain.includes('*');

export const egressList = defineCheck({
  id: 'verify.egress-list',
  title: 'The list of ways out is enforced and holds no catch-all',
  why: 'One line with a star, or a list that only reports, opens everything while every file looks in order.',
  source: 'guide Step 3; https://github.com/stripe/smokescreen#acls',
  vantage: 'host',
  wanted: runsGateway,
  facts: ({ stack }) => ({ list: file(`${stack.directory}/config/smokescreen-acl.yaml`) }),
  judge({ list }, server) {
    const remedy = rerun(server, 'stack.egress,stack.services');
    if (list === null)
      return fail(['there is no config/smokescreen-acl.yaml: the proxy would let everything out'], remedy);
    const lines = list.content.split('\n').map((line) => line.replace(/#.*/, '').trim());
    const domains = lines.flatMap((line) => /^- *["']?([^"'\s]+)["']?$/.exec(line)?.[1] ?? []);
    const actions = lines.flatMap((line) => /^action: *["']?(\w+)/.exec(line)?.[1] ?? []);
    return unless(
      [
        ...domains.filter(isCatchAll).map((domain) => `${domain} lets out to anywhere below it`),
        ...actions
          .filter((action) => action !== 'enforce')
          .map((action) => `action ${action} enforces nothing`),
        ...(actions.length === 0 ? ['no action is named'] : []),
      ],
      `${domains.length} names, enforced`,
      remedy,
    );
  },
});
