// What keeps a service from being as its files say: reasons in words, none when it runs and is healthy.
import { READ_STAMPS } from '../commands/compose.js';
import type { Container } from '../commands/containers.js';
import { sh } from '../commands/shell.js';
import type { Fact, Server } from '../model.js';
import { type StackService, serviceDefinitions } from '../stack/services.js';

export function reasons(want: StackService, there: readonly Container[]): string[] {
  const { service, container, part, image } = want;
  const now = there.find(({ name }) => name === container);
  if (now === undefined) return [`${service} is missing`];
  if (now.state !== 'running') return [`${service} is ${now.state}`];
  if (now.health !== 'healthy') return [`${service} is ${now.health || 'without a health check'}`];
  if (now.image !== image) return [`${service} ${swapOf(now.image, image)}`];
  return now.labels['clincher.part'] === part ? [] : [`${service} runs with older files`];
}

/** A swap in place is what was asked for, and has no way back: who reads the plan should know of the one that has. */
function swapOf(from: string, to: string): string {
  const [was, next] = [tagOf(from), tagOf(to)];
  if (was === next) return 'runs another image';
  return `goes from ${was} to ${next} in place; \`clincher run upgrade\` tries it on a copy first, and can go back`;
}

const tagOf = (image: string): string => /:([^:@/]+)(?:@|$)/.exec(image)?.[1] ?? image;

/** It is there, and made of something else: compose will make it anew. */
export function isOlder({ container, part, image }: StackService, there: readonly Container[]): boolean {
  const now = there.find(({ name }) => name === container);
  return now !== undefined && (now.labels['clincher.part'] !== part || now.image !== image);
}

/**
 * Docker starts it over and over, a minute apart in the end, and compose gives up at once. Started by a hand it reads its
 * files as they are now, and Docker counts anew. One that is of other files is made anew anyway.
 */
export const isLoop = (want: StackService, there: readonly Container[]): boolean =>
  there.find(({ name }) => name === want.container)?.state === 'restarting' && !isOlder(want, there);

/** Before the names of a partition's services, whose names are those of the server's. */
export const readStamp = ({ stack: { partition } }: Pick<Server, 'stack'>): string =>
  partition === undefined ? '' : `${partition}.`;

/** Its time is when the service was last told to read its files again. */
export const stampOf = (server: Pick<Server, 'stack'>, service: string): string =>
  `${READ_STAMPS}/${readStamp(server)}${service}`;

/**
 * When each file that a service reads as it starts was last written, in seconds since 1970, by its place in the folder;
 * and when each service was last told to read them again, by the stamp's path.
 */
export const written = (want: Server): Fact<Map<string, number>> => ({
  read: sh(
    'cd -- "$1" 2>/dev/null || exit 0; stamps=$2; shift 2; find "$@" "$stamps"/* -maxdepth 0 -printf "%T@ %p\\n" 2>/dev/null; true',
    want.stack.directory,
    READ_STAMPS,
    ...new Set(serviceDefinitions(want).flatMap(({ reads }) => reads)),
  ),
  parse: ({ stdout }) =>
    new Map(
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => [line.slice(line.indexOf(' ') + 1), Math.floor(Number.parseFloat(line))]),
    ),
});

/**
 * Files that were written after the container was made, or last told to read them: it has the old ones mounted, or had
 * another's edit when somebody else started it again. Its label says nothing of that, since what is wanted did not change.
 */
export function unread(
  want: Server,
  service: string,
  there: readonly Container[],
  files: ReadonlyMap<string, number>,
): string[] {
  const definition = serviceDefinitions(want).find((each) => each.service === service);
  const created = there.find(({ name }) => name === definition?.container)?.created;
  if (definition === undefined || created === undefined) return [];
  const since = Math.max(created, files.get(stampOf(want, service)) ?? 0);
  return definition.reads.filter((file) => (files.get(file) ?? 0) > since);
}
