// A check or watch of a partition, by a name of its own: `verify.networks@team`.
import type { Server } from '../model.js';

export function ofView<T extends { id: string; title: string }>(
  asked: T,
  { stack: { partition } }: Pick<Server, 'stack'>,
): T {
  if (partition === undefined) return asked;
  return { ...asked, id: `${asked.id}@${partition}`, title: `${partition}: ${asked.title}` };
}
