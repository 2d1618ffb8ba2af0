// `clincher gates`: what waits for a person, and the command that answers it.
import type { Command } from '../deps.js';
import { gatesOf, openStates } from '../open-gates.js';
import { isJson } from '../options.js';
import { configOf, onlyServer, type ServerOptions } from '../servers.js';
import { tryConfig } from '../try-config.js';
import { gateView } from '../view/gate.js';
import { document, gateDocument, print } from '../view/json.js';
import { answering } from '../view/style.js';
import { ago } from '../view/time.js';

export const gates: Command<ServerOptions> = async (io, options, deps) => {
  const server = onlyServer(io, options);
  if (server) configOf(io, options);
  const { control } = await deps.openSession(io, { config: tryConfig(io, options) });
  try {
    const open = gatesOf(await openStates(control, server));
    if (isJson(options)) {
      io.out(print(document('gates', { gates: open.map(({ gate, state }) => gateDocument(gate, state)) })));
      return 0;
    }
    if (open.length === 0) io.out('Nothing waits for you.\n');
    for (const { gate, state } of open) {
      io.out(`${state.server}  ${state.runbook}  run ${state.run}  ${ago(gate.openedAt, deps.now())}\n`);
      io.out(`${gateView(gate, state, answering(io), deps.now()).join('\n')}\n`);
    }
    return 0;
  } finally {
    await control.close();
  }
};
