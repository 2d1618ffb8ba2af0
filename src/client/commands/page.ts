// `clincher page [gate]`: a link to the page of open gates, which opens in one browser; to one gate, for whoever is to answer that alone.

import { ClincherError } from '../../errors.js';
import { Links } from '../../page/links.js';
import { type Place, pagePlace } from '../../page/place.js';
import { inState, makeFolder, stateDir } from '../../temporal/paths.js';
import { applyConfig } from '../connect.js';
import type { Command, Deps } from '../deps.js';
import type { Io } from '../io.js';
import { findGate, type OpenGate } from '../open-gates.js';
import { type GlobalOptions, isJson } from '../options.js';
import { resolveRun } from '../runs.js';
import { onlyServer, type ServerOptions } from '../servers.js';
import { tryConfig } from '../try-config.js';
import { document, print } from '../view/json.js';

export interface PageOptions extends ServerOptions {
  gate?: string;
  run?: string;
}

export const page: Command<PageOptions> = async (io, options, deps) => {
  const place = await servedPlace(io, options);
  const open = options.gate === undefined ? undefined : await found(io, options, deps, options.gate);
  makeFolder(stateDir());
  const links = new Links(inState('page-links.json'), place.url);
  const url = await links.mint(open && at(open));
  if (isJson(options)) io.out(print(document('page', { url, ...(open ? { gate: open.gate.id } : {}) })));
  else {
    io.out(`${url}\n`);
    const lasts = open ? 'for a day, or until the gate is answered' : 'for ten minutes; then for eight hours';
    io.err(`It opens in one browser: ${lasts}. Whoever has it may answer.\n`);
  }
  return 0;
};

const at = ({ gate, state }: OpenGate) => ({
  ...{ server: state.server, run: state.run },
  ...{ gate: gate.id, openedAt: gate.openedAt },
});

async function found(
  io: Io,
  options: PageOptions & GlobalOptions,
  deps: Deps,
  gate: string,
): Promise<OpenGate> {
  const { control } = await deps.openSession(io, { config: tryConfig(io, options) });
  try {
    const run = options.run === undefined ? undefined : await resolveRun(io, control, options.run, options);
    return await findGate(control, { gate, server: onlyServer(io, options), run });
  } finally {
    await control.close();
  }
}

const ANSWERS_WITHIN_MS = 3_000;

/** A link to where nobody answers would be found out on a phone, at night. */
async function servedPlace(io: Io, options: GlobalOptions): Promise<Place> {
  applyConfig(tryConfig(io, options), io.env);
  const place = pagePlace(io.env);
  if (place === undefined)
    throw new ClincherError('PAGE_OFF', 'No configuration says where the page is served.');
  const answer = await fetch(place.own, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) }).then(
    (reply) => reply.text(),
    () => '',
  );
  if (answer.includes('<h1>clincher</h1>')) return place;
  throw new ClincherError('PAGE_AWAY', `Nobody serves the page at ${place.own}.`);
}
