// What keeps a service from being as its files say: reasons in words, none when it runs and is healthy.
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
  if (now.labels['clincher.part'] !== part) return [`${service} runs with older files`];
  return now.image === image ? [] : [`${service} runs another image`];
}

/** It is there, and made of something else: compose will make it anew. */
export function isOlder({ container, part, image }: StackService, there: readonly Container[]): boolean {
  const now = there.find(({ name }) => name === container);
  return now !== undefined && (now.labels['clincher.part'] !== part || now.image !== image);
}

/** When each file that a service reads as it starts was last written, in seconds since 1970, by its place in the folder. */
export const written = (want: Server): Fact<Map<string, number>> => ({
  read: sh(
    'cd -- "$1" 2>/dev/null || exit 0; shift; find "$@" -maxdepth 0 -printf "%T@ %p\\n" 2>/dev/null; true',
    want.stack.directory,
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
 * Files that were written after the container was made: it has the old ones mounted, or had another's edit when it was
 * started again. Its label says nothing of that, since what is wanted did not change.
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
  return definition.reads.filter((file) => (files.get(file) ?? 0) > created);
}
