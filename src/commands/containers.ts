// Containers and images, asked over Docker's socket: its command line costs a quarter of a second a call.
import type { Action, Command, Fact } from '../model.js';
import { sh } from './shell.js';

export interface Container {
  name: string;
  service: string;
  /** `running`, `exited`, `restarting`, … */
  state: string;
  /** Empty where the container has no health check. */
  health: 'healthy' | 'unhealthy' | 'starting' | '';
  /** As it was asked for: `repository:tag@sha256:…`. */
  image: string;
  labels: Record<string, string>;
  /** Seconds since 1970. */
  created: number;
}

const socket = (path: string): Command => [
  'curl',
  '-sf',
  '--globoff',
  '--max-time',
  '20',
  '--unix-socket',
  '/var/run/docker.sock',
  `http://docker${path}`,
];

const filters = (project: string): string =>
  encodeURIComponent(JSON.stringify({ label: [`com.docker.compose.project=${project}`] }));

/** All containers of a compose project, stopped ones too; none where no daemon answers. */
export const containersOf = (project: string): Fact<Container[]> => ({
  read: socket(`/containers/json?all=1&filters=${filters(project)}`),
  absent: [],
  parse({ stdout, exitCode }) {
    if (exitCode === 7) return [];
    if (exitCode !== 0) throw new Error(`Docker does not answer on its socket (curl ended with ${exitCode})`);
    return (JSON.parse(stdout) as Listed[]).map(toContainer);
  },
});

interface Listed {
  Names: string[];
  State: string;
  Status: string;
  Image: string;
  Labels: Record<string, string>;
  Created: number;
}

function toContainer({ Names, State, Status, Image, Labels, Created }: Listed): Container {
  const health = /\((healthy|unhealthy|health: starting)\)/.exec(Status)?.[1] ?? '';
  return {
    name: (Names[0] ?? '').replace(/^\//, ''),
    service: Labels['com.docker.compose.service'] ?? '',
    state: State,
    health: health === 'health: starting' ? 'starting' : (health as Container['health']),
    image: Image,
    labels: Labels,
    created: Created,
  };
}

/** `repository@sha256:…` and `repository:tag` of every image that is on the host. */
export const images: Fact<Set<string>> = {
  read: socket('/images/json'),
  absent: new Set(),
  parse({ stdout, exitCode }) {
    if (exitCode === 7) return new Set();
    if (exitCode !== 0) throw new Error(`Docker does not answer on its socket (curl ended with ${exitCode})`);
    const found = JSON.parse(stdout) as { RepoDigests?: string[] | null; RepoTags?: string[] | null }[];
    return new Set(
      found.flatMap(({ RepoDigests, RepoTags }) => [...(RepoDigests ?? []), ...(RepoTags ?? [])]),
    );
  },
};

/** A connection that breaks in the middle of a layer is worth another try; a missing manifest is not, but costs little. */
export const pull = (reference: string): Action => ({
  command: sh('for n in 1 2 3; do docker pull -q -- "$1" && exit; sleep $((n * 3)); done; exit 1', reference),
});
