// proxy.services: the one reverse proxy that is configured runs, and no other.
import * as compose from '../commands/compose.js';
import { type Container, containersOf } from '../commands/containers.js';
import type { Change, Server } from '../model.js';
import { PROJECT, type StackService, services } from '../stack/services.js';
import { change, defineStep } from './define.js';
import { reasons, unread, written } from './service-state.js';

/** Services that the web reaches, whichever overlay they come from. */
const PROXIES: readonly string[] = ['caddy', 'cloudflared'];

/** Caddy answers at once; a tunnel is healthy when Cloudflare has taken it. */
const BUDGET_SECONDS = 120;

const wanted = (want: Server): StackService[] =>
  services(want).filter(({ service }) => PROXIES.includes(service));

/** An older way in, left open when another was configured, is a way in that nobody looks at any more. */
function leftOver(there: readonly Container[], want: Server): Change[] {
  const kept = wanted(want).map(({ service }) => service as string);
  const names = there
    .filter(({ service }) => PROXIES.includes(service) && !kept.includes(service))
    .map(({ name }) => name);
  return names.length === 0 ? [] : [change(`close: ${names.join(', ')}`, compose.remove(names))];
}

export const proxyServices = defineStep({
  id: 'proxy.services',
  title: 'The configured reverse proxy runs, and no other',
  why: 'It starts last: what is not proved yet is not reached. One that is no longer configured would stay open unseen.',
  source: 'guide Step 9',
  timeoutMs: 5 * 60_000,
  facts: (want) => ({ containers: containersOf(PROJECT), written: written(want) }),
  plan({ containers, written: times }, want) {
    const names = wanted(want).map(({ service }) => service);
    const why = wanted(want).flatMap((each) => reasons(each, containers));
    const behind = names.filter((name) => unread(want, name, containers, times).length > 0);
    const { directory } = want.stack;
    const start = compose.up(directory, names, BUDGET_SECONDS);
    const again = behind.map((name) => `${name} began before its files were written`);
    return [
      ...leftOver(containers, want),
      ...(why.length === 0 ? [] : [change(`start: ${why.join('; ')}`, start)]),
      ...(behind.length === 0
        ? []
        : [
            change(
              `start anew: ${again.join('; ')}`,
              compose.restart(directory, behind),
              compose.up(directory, behind, BUDGET_SECONDS),
            ),
          ]),
    ];
  },
});
