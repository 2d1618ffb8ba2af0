// Services of an overlay: those that are configured run, with the files of now; those that no longer are, are closed.
import * as compose from '../commands/compose.js';
import { type Container, containersOf } from '../commands/containers.js';
import type { Change, Server } from '../model.js';
import { projectOf, type StackService, services } from '../stack/services.js';
import { change } from './define.js';
import { reasons, unread, written } from './service-state.js';

export const overlayFacts = (want: Server) => ({
  containers: containersOf(projectOf(want)),
  written: written(want),
});

interface Now {
  containers: Container[];
  written: Parameters<typeof unread>[3];
}

/** `names`: all that such an overlay may have; `seconds`: until they are healthy. */
export const overlayPlan =
  (names: readonly string[], seconds: number) =>
  ({ containers, written: times }: Now, want: Server): Change[] => {
    const { directory } = want.stack;
    const wanted = services(want).filter(({ service }) => names.includes(service));
    const all = wanted.map(({ service }) => service);
    const why = wanted.flatMap((each) => reasons(each, containers));
    const behind = all.filter((name) => unread(want, name, containers, times).length > 0);
    const again = behind.map((name) => `${name} began before its files were written`).join('; ');
    const up = (which: typeof all) => compose.up(directory, which, seconds);
    return [
      ...leftOver(containers, names, wanted),
      ...(why.length === 0 ? [] : [change(`start: ${why.join('; ')}`, up(all))]),
      ...(behind.length === 0
        ? []
        : [change(`start anew: ${again}`, compose.restart(directory, behind), up(behind))]),
    ];
  };

/** What was left open when another was configured is a way in that nobody looks at any more. */
function leftOver(
  there: readonly Container[],
  names: readonly string[],
  wanted: readonly StackService[],
): Change[] {
  const kept = wanted.map(({ service }) => service as string);
  const closed = there
    .filter(({ service }) => names.includes(service) && !kept.includes(service))
    .map(({ name }) => name);
  return closed.length === 0 ? [] : [change(`close: ${closed.join(', ')}`, compose.remove(closed))];
}
