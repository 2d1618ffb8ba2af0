// stack.services: the core services run as their files say, and are healthy. What the web reaches is started elsewhere.
import * as compose from '../commands/compose.js';
import { containersOf, type Network, networkOf } from '../commands/containers.js';
import { sh } from '../commands/shell.js';
import type { Fact, Server } from '../model.js';
import { PROXY_NET } from '../stack/service.js';
import { projectOf, type StackService, services, startBudgetSeconds } from '../stack/services.js';
import { change, defineStep } from './define.js';
import { isLoop, isOlder, readStamp, reasons, unread, written } from './service-state.js';

/** When compose last brought everything up: what was written since has not been taken up. */
const stampOf = ({ stack: { partition } }: Server): string =>
  `/var/lib/clincher/stack-up${partition === undefined ? '' : `.${partition}`}`;

const core = (want: Server): StackService[] => services(want).filter(({ overlay }) => overlay === undefined);

/** Compose's own files that are newer than the last start. */
const newer = (want: Server): Fact<string[]> => ({
  read: sh(
    'cd -- "$1" 2>/dev/null || exit 0; find . -maxdepth 1 \\( -name .env -o -name "*.yml" \\) -newer "$2" 2>/dev/null; [ -e "$2" ] || echo never',
    want.stack.directory,
    stampOf(want),
  ),
  parse: ({ stdout }) => stdout.split('\n').filter(Boolean),
});

const stamp = (want: Server) => ({
  command: sh('mkdir -p /var/lib/clincher && touch -- "$1"', stampOf(want)),
});

/** The network between the reverse proxy and the gateway has another subnet than it is to have. */
const moved = (now: Network | null, { stack }: Server): string[] =>
  now === null || now.subnet === stack.proxy_subnet
    ? []
    : [`${PROXY_NET} moves from ${now.subnet} to ${stack.proxy_subnet}`];

/** Then it is made anew alone: compose (2.26) makes everybody anew who depends on it. Several at once are left to its order. */
const onlyOne = (names: readonly string[]): boolean => new Set(names).size === 1;

export const stackServices = defineStep({
  id: 'stack.services',
  title: 'The five services run as configured, and are healthy',
  why: 'A container that runs is not one that answers; and one that began before its files were written does not know them.',
  source: 'guide Step 4; https://docs.docker.com/reference/cli/docker/compose/up/',
  timeoutMs: 15 * 60_000,
  wanted: ({ role, stack }) => role === 'primary' && stack.enabled,
  facts: (want) => ({
    containers: containersOf(projectOf(want)),
    newer: newer(want),
    written: written(want),
    proxyNet: networkOf(projectOf(want), PROXY_NET),
  }),
  plan({ containers, newer: files, written: times, proxyNet }, want) {
    const names = core(want).map(({ service }) => service);
    const moves = moved(proxyNet, want);
    const why = [...moves, ...core(want).flatMap((each) => reasons(each, containers))];
    const stale = files.map((file) => (file === 'never' ? 'never started' : `${file} is newer`));
    const behind = names.filter((name) => unread(want, name, containers, times).length > 0);
    const all = [...why, ...stale, ...behind.map((name) => `${name} began before its files were written`)];
    if (all.length === 0) return [];
    const { directory } = want.stack;
    const budget = startBudgetSeconds(want);
    const older = core(want).flatMap((each) => (isOlder(each, containers) ? [each.service] : []));
    const sick = core(want).flatMap((each) => (reasons(each, containers).length > 0 ? [each.service] : []));
    const alone = moves.length === 0 && onlyOne([...older, ...sick]) ? older.slice(0, 1) : [];
    const loops = core(want).flatMap((each) => (isLoop(each, containers) ? [each.service] : []));
    // Who is made anew, or just started, has read its files then: once more would be a second outage.
    const left = behind.filter((name) => !older.includes(name) && !loops.includes(name));
    const run = [
      ...(moves.length > 0 ? [compose.removeNetwork(projectOf(want), PROXY_NET)] : []),
      ...(loops.length > 0 ? [compose.restart(directory, loops, readStamp(want))] : []),
      ...(alone.length > 0 ? [compose.recreate(directory, alone, budget)] : []),
      ...(why.length + stale.length > 0 ? [compose.up(directory, names, budget)] : []),
      ...(left.length > 0
        ? [compose.restart(directory, left, readStamp(want)), compose.up(directory, left, budget)]
        : []),
      stamp(want),
    ];
    return [change(`start the services: ${all.join('; ')}`, ...run)];
  },
});
