// Every tool that judges rendered files, in containers of the lab: nothing of this machine but its Docker engine is needed.
import type { Say } from '../../scripts/patiently.js';
import { type ProgramResult, runProgram } from '../../src/images/program.js';
import type { Server } from '../../src/model.js';
import { checkFiles, type FileCheck, type Runner } from '../../src/render/check.js';
import type { Rendered } from '../../src/render/rendered.js';
import { docker, tryDocker } from '../lab/docker.js';
import { ensureStackImages, type StackImages } from '../lab/images/stack.js';

/** By what runs in it. Whatever has no image of its own is in `render-tools`. */
const IMAGES = ['render-tools', 'caddy', 'caddy-sso', 'smokescreen'] as const;
const OPENCLAW = ['openclaw-2026.3.13', 'openclaw-2026.9.6'] as const;

type Box = (typeof IMAGES)[number];

export interface Tools {
  /** Files that were written to `folder`, which lies in the one that the tools were opened for. */
  check(rendered: Rendered, folder: string): Promise<FileCheck[]>;
  close(): Promise<void>;
}

/** `root` holds the folders of files and whatever is made beside them; the containers see it at its own path. */
export async function openTools(root: string, say: Say): Promise<Tools> {
  const made = await ensureStackImages(say, [...IMAGES, ...OPENCLAW]);
  for (const name of OPENCLAW) await docker(['pull', '-q', referenceOf(made, name)]);
  const boxes = new Map<Box, string>();
  for (const name of IMAGES) boxes.set(name, await start(referenceOf(made, name), root));
  const run: Runner = (words, options) => {
    const box = boxOf(words);
    if (box === undefined) return runProgram(words[0] ?? '', words.slice(1), options);
    return inBox(boxes.get(box) ?? '', words, options);
  };
  return {
    check: (rendered, folder) => {
      const image = referenceOf(made, openclawOf(rendered.server));
      return checkFiles({ rendered, folder, image, env: process.env, run, scratchIn: root });
    },
    close: async () => void (await tryDocker(['rm', '-f', ...boxes.values()])),
  };
}

/** The lab's OpenClaw of the version that a server wants. */
function openclawOf({ stack }: Server): (typeof OPENCLAW)[number] {
  const [version = ''] = stack.images.openclaw.version.split(/[-@]/);
  const name = OPENCLAW.find((each) => each === `openclaw-${version}`);
  if (!name) throw new Error(`The lab has no OpenClaw ${version}`);
  return name;
}

const referenceOf = ({ registry, images }: StackImages, name: keyof StackImages['images']): string =>
  `${registry}/${images[name].repository}:${images[name].version}`;

/** NET_ADMIN, in a network of its own without a way out: `iptables-restore --test` asks the kernel. */
async function start(image: string, folder: string): Promise<string> {
  await docker(['pull', '-q', image]);
  const walls = ['--network=none', '--cap-add=NET_ADMIN', '--user=0:0', `--volume=${folder}:${folder}`];
  return docker(['run', '-d', '--rm', '--init', ...walls, '--entrypoint=sleep', image, 'infinity']);
}

/** Undefined: on this machine, which has Node and a Docker engine. */
function boxOf([program = '', verb = '']: readonly string[]): Box | undefined {
  if (program === process.execPath || (program === 'docker' && verb === 'run')) return undefined;
  // Read, and not tried out, is what only the plugin of single sign-on knows.
  if (program === 'caddy') return verb === 'adapt' ? 'caddy-sso' : 'caddy';
  return program === 'smokescreen' ? 'smokescreen' : 'render-tools';
}

const PASSED_ON = ['HOME', 'LC_ALL', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'NO_COLOR'];

function inBox(
  box: string,
  words: readonly string[],
  options: Parameters<Runner>[1],
): Promise<ProgramResult | undefined> {
  const env = PASSED_ON.flatMap((name) => [`--env=${name}=${options.env[name] ?? ''}`]);
  return runProgram('docker', ['exec', ...env, box, ...words], { ...options, env: process.env });
}
