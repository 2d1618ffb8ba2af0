// Where a control plane lies on a monitor, by which network its workers log in, and which images it is made of. Pure.
import type { Server } from '../model.js';
import { pinned } from './images.js';

type Parts = Pick<Server, 'role' | 'control'>;

/** Only a monitor: what lies on a server that is failed over, or repaired, is away when it is needed. */
export const hasControl = ({ role, control }: Parts): boolean => role === 'monitor' && control !== undefined;

/** By which compose, the backup and the volumes know it. */
export const CONTROL_PROJECT = 'clincher-temporal';

/** Compose files, their settings and the password of the database. */
export const CONTROL_FOLDER = '/opt/clincher';

/** clincher.yaml, the vault, its identity and the keys: mounted into the workers at this very place. */
export const CONTROL_HOME = '/srv/clincher';

/** The user of the worker's image, by number: the host need not have one. */
export const CONTROL_USER = '1000';

/** As docker-compose.temporal.yml has it. */
export const CONTROL_NETWORK = '172.30.90.0/24';

/** On loopback, and nowhere else: Temporal, its web UI, the codec endpoint. */
export const CONTROL_PORTS: readonly number[] = [7233, 8080, 8081];

export const CONTROL_SERVICES = ['postgresql', 'server', 'ui', 'worker', 'codec'] as const;
export type ControlService = (typeof CONTROL_SERVICES)[number];

/** Of the worker and the codec endpoint beside it. */
export const workerImage = ({ control }: Pick<Server, 'control'>): string => control?.image ?? '';

export const controlImage = (server: Server, service: ControlService): string =>
  service === 'postgresql'
    ? pinned(server, 'postgres')
    : service === 'server'
      ? pinned(server, 'temporal-server')
      : service === 'ui'
        ? pinned(server, 'temporal-ui')
        : workerImage(server);

/** What docker-compose.temporal.yml asks its environment for. */
export const controlEnv = (server: Server): string => `# Written by clincher (control.files).
COMPOSE_PROJECT_NAME=${CONTROL_PROJECT}
COMPOSE_PROFILES=worker
POSTGRES_IMAGE=${pinned(server, 'postgres')}
TEMPORAL_SERVER_IMAGE=${pinned(server, 'temporal-server')}
TEMPORAL_TOOLS_IMAGE=${pinned(server, 'temporal-admin-tools')}
TEMPORAL_UI_IMAGE=${pinned(server, 'temporal-ui')}
TEMPORAL_CODEC_ENDPOINT=http://127.0.0.1:8081
CLINCHER_IMAGE=${workerImage(server)}
CLINCHER_FOLDER=${CONTROL_HOME}
CLINCHER_NETWORK=${CONTROL_NETWORK}
`;
