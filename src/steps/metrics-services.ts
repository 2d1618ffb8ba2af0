// metrics.services: the exporters and the door to them run where a monitor watches, and nowhere else.
import * as compose from '../commands/compose.js';
import { type Container, containersOf } from '../commands/containers.js';
import type { Change, Server } from '../model.js';
import { OVERLAYS } from '../stack/overlays.js';
import { PROJECT, type StackService, services } from '../stack/services.js';
import { change, defineStep } from './define.js';
import { reasons, unread, written } from './service-state.js';

const NAMES: readonly string[] = OVERLAYS.find(({ name }) => name === 'metrics')?.services ?? [];
const BUDGET_SECONDS = 90;

const wanted = (want: Server): StackService[] =>
  services(want).filter(({ service }) => NAMES.includes(service));

/** A door that nobody needs any more is one that nobody looks at. */
function leftOver(there: readonly Container[], want: Server): Change[] {
  const kept = wanted(want).map(({ service }) => service as string);
  const names = there
    .filter(({ service }) => NAMES.includes(service) && !kept.includes(service))
    .map(({ name }) => name);
  return names.length === 0 ? [] : [change(`close: ${names.join(', ')}`, compose.remove(names))];
}

export const metricsServices = defineStep({
  id: 'metrics.services',
  title: 'Figures are read by one door, with a token, over TLS',
  why: 'LiteLLM and Redis publish no port, and should not: what is open to a monitor is open to whoever stands in its place.',
  source: 'guide Step 13.2.1; https://prometheus.io/docs/operating/security/',
  timeoutMs: 5 * 60_000,
  wanted: ({ role, stack }) => role === 'primary' && stack.enabled,
  facts: (want) => ({ containers: containersOf(PROJECT), written: written(want) }),
  plan({ containers, written: times }, want) {
    const names = wanted(want).map(({ service }) => service);
    const why = wanted(want).flatMap((each) => reasons(each, containers));
    const behind = names.filter((name) => unread(want, name, containers, times).length > 0);
    const { directory } = want.stack;
    return [
      ...leftOver(containers, want),
      ...(why.length === 0
        ? []
        : [change(`start: ${why.join('; ')}`, compose.up(directory, names, BUDGET_SECONDS))]),
      ...(behind.length === 0
        ? []
        : [
            change(
              `start anew, since their files were written: ${behind.join(', ')}`,
              compose.restart(directory, behind),
              compose.up(directory, behind, BUDGET_SECONDS),
            ),
          ]),
    ];
  },
});
