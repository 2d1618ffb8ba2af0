// `clincher steps`: every step of every checklist, and what goes wrong without it.

import type { Server } from '../../model.js';
import { CHECKLISTS } from '../../steps/index.js';
import type { Command } from '../deps.js';
import { isJson } from '../options.js';
import { configOf, onlyServer, type ServerOptions, serversToRead } from '../servers.js';
import { document, print } from '../view/json.js';
import { answering, paint } from '../view/style.js';
import { table } from '../view/table.js';

export const steps: Command<ServerOptions> = async (io, options) => {
  const server =
    onlyServer(io, options) === undefined ? undefined : serversToRead(io, configOf(io, options), options)[0];
  const lists = CHECKLISTS.map((list) => ({
    id: list.id,
    title: list.title,
    steps: list.steps.map((step) => ({
      id: step.id,
      title: step.title,
      why: step.why,
      source: step.source,
      guarded: step.guard !== undefined,
      ...(server ? { wanted: isWanted(step.wanted, server) } : {}),
    })),
  }));
  if (isJson(options)) {
    io.out(print(document('steps', { server: server?.name, checklists: lists })));
    return 0;
  }
  for (const list of lists) {
    io.out(`${paint(io, 'bold', `${list.id}  ${list.title}`)}\n`);
    const rows = list.steps.map((step) => [`  ${step.id}`, note(step), step.title]);
    io.out(`${table(rows, answering(io)).join('\n')}\n`);
  }
  io.err('clincher docs <step> says why\n');
  return 0;
};

const isWanted = (wanted: ((want: Server) => boolean) | undefined, server: Server): boolean =>
  wanted?.(server) ?? true;

const note = (step: { guarded: boolean; wanted?: boolean }): string =>
  step.wanted === false ? 'not asked for' : step.guarded ? 'guarded' : '';
