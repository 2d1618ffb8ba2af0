// stack.services: the core services run as their files say, and are healthy. What the web reaches is started elsewhere.
import * as compose from '../commands/compose.js';
import { containersOf } from '../commands/containers.js';
import { sh } from '../commands/shell.js';
import type { Fact, Server } from '../model.js';
import { PROJECT, type StackService, services, startBudgetSeconds } from '../stack/services.js';
import { change, defineStep } from './define.js';
import { reasons } from './service-state.js';

/** When compose last brought everything up: what was written since has not been taken up. */
const STAMP = '/var/lib/clincher/stack-up';

const core = (want: Server): StackService[] => services(want).filter(({ overlay }) => overlay === undefined);

/** Files that are newer than the last start: compose's own, and the gateway's secrets, which it reads as it starts. */
const newer = (want: Server): Fact<string[]> => ({
  read: sh(
    'cd -- "$1" 2>/dev/null || exit 0; find . -maxdepth 1 \\( -name .env -o -name "*.yml" \\) -newer "$2" 2>/dev/null; find secrets/openclaw/secrets.json -newer "$2" 2>/dev/null; [ -e "$2" ] || echo never',
    want.stack.directory,
    STAMP,
  ),
  parse: ({ stdout }) => stdout.split('\n').filter(Boolean),
});

const stamp = { command: sh('mkdir -p /var/lib/clincher && touch -- "$1"', STAMP) };

export const stackServices = defineStep({
  id: 'stack.services',
  title: 'The five services run as configured, and are healthy',
  why: 'A container that runs is not one that answers; and one that began before its files were written does not know them.',
  source: 'guide Step 4; https://docs.docker.com/reference/cli/docker/compose/up/',
  timeoutMs: 15 * 60_000,
  wanted: ({ role, stack }) => role === 'primary' && stack.enabled,
  facts: (want) => ({ containers: containersOf(PROJECT), newer: newer(want) }),
  plan({ containers, newer: files }, want) {
    const names = core(want).map(({ service }) => service);
    const why = core(want).flatMap((each) => reasons(each, containers));
    const stale = files.filter((file) => file !== 'secrets/openclaw/secrets.json');
    const all = [...why, ...stale.map((file) => (file === 'never' ? 'never started' : `${file} is newer`))];
    const { directory } = want.stack;
    const budget = startBudgetSeconds(want);
    const rereads = files.includes('secrets/openclaw/secrets.json') && !files.includes('never');
    if (all.length === 0 && !rereads) return [];
    const run = [
      ...(all.length > 0 ? [compose.up(directory, names, budget)] : []),
      ...(rereads ? [compose.recreate(directory, ['openclaw'], budget)] : []),
      stamp,
    ];
    return [
      change(`start the services: ${[...all, ...(rereads ? ['new secrets'] : [])].join('; ')}`, ...run),
    ];
  },
});
