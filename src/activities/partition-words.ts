// What is asked of a partition: the same words, with the names of its containers and of its compose project.
import type { Command, Server } from '../model.js';
import { wordIn } from '../stack/partitions.js';

export const asked = (server: Pick<Server, 'stack'>, command: Command): Command =>
  command.map((word) => (typeof word === 'string' ? wordIn(server, word) : word));
