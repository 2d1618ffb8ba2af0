// The door to Docker of `openclaw.sandbox: docker`: the one container that may be made, and the program that sees to it.
import type { Server } from '../model.js';
import { DOOR_PROGRAM } from './docker-door-program.js';
import { imageKey, imageTag } from './images.js';
import { SANDBOX_MEMORY, sizeBytes } from './limits.js';
import { type Generation, versionOf } from './openclaw-version.js';

type Stack = Pick<Server, 'stack'>;

/** With `scope: shared` every version of OpenClaw calls its only sandbox so; a gateway has one agent. */
export const SANDBOX_NAME = 'openclaw-sbx-shared';

/** Name of the gateway's container. */
const GATEWAY_NAME = 'openclaw';

/** User and group of the gateway and of the folders: nothing that a tool makes belongs to root. */
export const SANDBOX_USER = '1000:1000';

/** `agents.defaults.sandbox.docker` as OpenClaw writes it; `walls` is the same as Docker counts it. */
export const SANDBOX_LIMITS = {
  memory: SANDBOX_MEMORY,
  memorySwap: '1536m',
  cpus: 1,
  pidsLimit: 512,
  ulimits: { nofile: { soft: 1024, hard: 2048 } },
} as const;

export interface Folder {
  /** On the host, in a folder that only root enters. */
  source: string;
  /** In the gateway; OpenClaw names it to Docker, so it is the host's own path (or is translated by its mounts). */
  inGateway: string;
  inSandbox: string;
  /** As OpenClaw of this version asks; `z` says nothing without SELinux. */
  options: string;
}

/**
 * Each is mounted into the gateway by itself: a path below a folder that the gateway can write could become a link to
 * anywhere on the host, and Docker follows it. The first is `agents.defaults.sandbox.workspaceRoot`.
 */
export function sandboxFolders({ stack }: Stack): readonly [Folder, ...Folder[]] {
  const source = `${stack.directory}/sandbox/workspace`;
  const { generation } = versionOf(stack.images.openclaw.version);
  const workspace = { source, inGateway: source, inSandbox: '/workspace', options: WORKSPACE[generation] };
  // Until 2026.8 skills lie in the workspace, and their folder is replaced at each turn: no mount may be in its way.
  if (generation !== '2026.8') return [workspace];
  const skills = { source: `${stack.directory}/sandbox/skills`, inGateway: `${source}/skills` };
  return [workspace, { ...skills, inSandbox: '/workspace/skills', options: 'ro,z' }];
}

const WORKSPACE: Record<Generation, string> = { '2026.3': 'ro', '2026.6': 'ro,z', '2026.8': 'z' };

/** `agents.defaults.sandbox.docker.image`. */
export const sandboxImage = ({ stack }: Stack): string => imageKey(imageTag(stack.images.sandbox));

/** The file `config/docker-door.mjs`. */
export const dockerDoor = (server: Stack): string => doorText(policy(server));

/** The policy, then the program. */
export const doorText = (rules: Policy): string =>
  `// Before the Docker socket: what the gateway's sandbox needs, and nothing else. Written by clincher.
const POLICY = ${JSON.stringify(rules, null, 2)};
${DOOR_PROGRAM}`;

export type Policy = ReturnType<typeof policy>;

export const policy = (server: Stack) => ({
  name: SANDBOX_NAME,
  gateway: GATEWAY_NAME,
  image: sandboxImage(server),
  container: {
    Image: sandboxImage(server),
    Cmd: ['sleep', 'infinity'],
    User: SANDBOX_USER,
    WorkingDir: '/workspace',
  },
  host: walls(sandboxFolders(server)),
});

const MEMORY = sizeBytes(SANDBOX_MEMORY);

const walls = (folders: readonly Folder[]) => ({
  Binds: folders.map(({ source, inSandbox, options }) => `${source}:${inSandbox}:${options}`).sort(),
  NetworkMode: 'none',
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  ReadonlyRootfs: true,
  Tmpfs: { '/run': '', '/tmp': '', '/var/tmp': '' },
  RestartPolicy: { Name: 'no' },
  Memory: MEMORY,
  MemorySwap: 1.5 * MEMORY,
  NanoCpus: SANDBOX_LIMITS.cpus * 1e9,
  PidsLimit: SANDBOX_LIMITS.pidsLimit,
  Ulimits: [
    { Name: 'nofile', Hard: SANDBOX_LIMITS.ulimits.nofile.hard, Soft: SANDBOX_LIMITS.ulimits.nofile.soft },
  ],
});
