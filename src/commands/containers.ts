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
export const containersOf = (project: string): Fact<Container[]> =>
  listed(`/containers/json?all=1&filters=${filters(project)}`);

const listed = (path: string): Fact<Container[]> => ({
  read: socket(path),
  absent: [],
  parse({ stdout, exitCode }) {
    if (exitCode === 7) return [];
    if (exitCode !== 0) throw new Error(`Docker does not answer on its socket (curl ended with ${exitCode})`);
    return (JSON.parse(stdout) as Listed[]).map(toContainer);
  },
});

/** Of every project, and of none. */
export const everyContainer: Fact<Container[]> = listed('/containers/json?all=1');

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

/** `repository@sha256:…`, `repository:tag`, and `repository:tag@sha256:…` where both are of one image. */
export const images: Fact<Set<string>> = {
  read: socket('/images/json'),
  absent: new Set(),
  parse({ stdout, exitCode }) {
    if (exitCode === 7) return new Set();
    if (exitCode !== 0) throw new Error(`Docker does not answer on its socket (curl ended with ${exitCode})`);
    const found = JSON.parse(stdout) as { RepoDigests?: string[] | null; RepoTags?: string[] | null }[];
    return new Set(found.flatMap(({ RepoDigests, RepoTags }) => names(RepoDigests ?? [], RepoTags ?? [])));
  },
};

function names(digests: readonly string[], tags: readonly string[]): string[] {
  const both = tags.flatMap((tag) =>
    digests
      .filter((digest) => digest.split('@')[0] === tag.replace(/:[^:/]*$/, ''))
      .map((digest) => `${tag}@${digest.split('@')[1]}`),
  );
  return [...digests, ...tags, ...both];
}

/** For a program that can ask for an image by its tag only. */
export const tag = (reference: string, name: string): Action => ({
  command: ['docker', 'tag', reference, name],
});

export interface Network {
  /** By which the host has it. */
  link: string;
  /** Its first; Docker gives it one where nobody did. */
  subnet: string;
}

/** A network of a compose project; null where there is none. */
export const networkOf = (project: string, network: string): Fact<Network | null> => ({
  read: socket(`/networks/${project}_${network}`),
  absent: null,
  parse({ stdout, exitCode }) {
    // 7: no daemon; 22: no such network.
    if (exitCode === 7 || exitCode === 22) return null;
    if (exitCode !== 0) throw new Error(`Docker does not answer on its socket (curl ended with ${exitCode})`);
    const { Id, IPAM } = JSON.parse(stdout) as { Id: string; IPAM: { Config?: { Subnet: string }[] | null } };
    return { link: `br-${Id.slice(0, 12)}`, subnet: IPAM.Config?.[0]?.Subnet ?? '' };
  },
});

/** A connection that breaks in the middle of a layer is worth another try; a missing manifest is not, but costs little. */
export const pull = (reference: string): Action => ({
  command: sh('for n in 1 2 3; do docker pull -q -- "$1" && exit; sleep $((n * 3)); done; exit 1', reference),
});
