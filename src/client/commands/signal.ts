// `clincher signal <run> done [gate]`: the plain form of an answer. Temporal keeps it even while no worker is up.
import type { Command } from '../deps.js';
import { isJson } from '../options.js';
import { resolveRun } from '../runs.js';
import type { ServerOptions } from '../servers.js';
import { tryConfig } from '../try-config.js';
import { document, print } from '../view/json.js';

export interface SignalOptions extends ServerOptions {
  run: string;
  signal: 'done';
  gate?: string;
}

export const signal: Command<SignalOptions> = async (io, options, deps) => {
  const { control } = await deps.openSession(io, { config: tryConfig(io, options) });
  try {
    const run = await resolveRun(io, control, options.run, options);
    await control.signalDone(run, options.gate);
    const what = options.gate ? `done ${options.gate}` : 'done';
    if (isJson(options)) io.out(print(document('signal', { run, signal: 'done', gate: options.gate })));
    else io.out(`sent ${what} to ${run}; a signal has no reply, so look: clincher show ${run}\n`);
    return 0;
  } finally {
    await control.close();
  }
};
