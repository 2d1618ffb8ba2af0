// control.services: Temporal, its database, its web UI, two workers and the codec endpoint run as their files say.
import { type Container, containersOf } from '../commands/containers.js';
import { composeHashes, up } from '../commands/control-plane.js';
import {
  CONTROL_FOLDER,
  CONTROL_PROJECT,
  CONTROL_SERVICES,
  type ControlService,
  hasControl,
} from '../stack/control.js';
import { change, defineStep } from './define.js';

const BUDGET_SECONDS = 300;
const HASH = 'com.docker.compose.config-hash';
/** As docker-compose.temporal.yml has it, where nobody says otherwise. */
const FEWEST: Partial<Record<ControlService, number>> = { worker: 2 };

function whyNot(service: ControlService, there: readonly Container[], hash: string | undefined): string {
  const mine = there.filter((each) => each.service === service);
  if (mine.length === 0) return 'is missing';
  if (mine.length < (FEWEST[service] ?? 1)) return `runs ${mine.length} time of ${FEWEST[service]}`;
  const idle = mine.find(({ state }) => state !== 'running');
  if (idle) return `is ${idle.state}`;
  const sick = mine.find(({ health }) => health !== '' && health !== 'healthy');
  if (sick) return `is ${sick.health}`;
  return mine.every(({ labels }) => labels[HASH] === hash) ? '' : 'runs as older files say';
}

export const controlServices = defineStep({
  id: 'control.services',
  title: 'The control plane runs as its files say, and is healthy',
  why: 'Two workers: what one was at when it died, the other one goes on with.',
  source: 'docker-compose.temporal.yml',
  after: ['control.files', 'control.keys', 'control.images'],
  timeoutMs: 15 * 60_000,
  wanted: hasControl,
  facts: () => ({ containers: containersOf(CONTROL_PROJECT), hashes: composeHashes(CONTROL_FOLDER) }),
  plan({ containers, hashes }) {
    const wrong = CONTROL_SERVICES.map(
      (service) => [service, whyNot(service, containers, hashes.get(service))] as const,
    ).filter(([, why]) => why !== '');
    const said = wrong.map(([service, why]) => `${service} ${why}`).join('; ');
    return wrong.length === 0
      ? []
      : [change(`start: ${said}`, up(CONTROL_FOLDER, CONTROL_SERVICES, BUDGET_SECONDS))];
  },
});
