// `clincher retry|skip <run>`: answers the gate of a failed step.
import type { Config } from '../../config/load.js';
import { ClincherError } from '../../errors.js';
import type { Gate, RunState, Server } from '../../model.js';
import { newUpdateId, send } from '../answers.js';
import { changedKeys } from '../changed-keys.js';
import type { Control } from '../control.js';
import type { Command, Deps } from '../deps.js';
import type { Io } from '../io.js';
import { type GlobalOptions, isJson } from '../options.js';
import { resolveRun } from '../runs.js';
import type { ServerOptions } from '../servers.js';
import { tryConfig } from '../try-config.js';
import { document, print } from '../view/json.js';

export interface FailedOptions extends ServerOptions {
  run: string;
  step?: string;
  newConfig?: boolean;
  oldConfig?: boolean;
  updateId?: string;
}

export const retry: Command<FailedOptions> = (io, options, deps) => decide(io, options, deps, 'retry');
export const skip: Command<FailedOptions> = (io, options, deps) => decide(io, options, deps, 'skip');

async function decide(
  io: Io,
  options: FailedOptions & GlobalOptions,
  deps: Deps,
  value: 'retry' | 'skip',
): Promise<number> {
  if (options.newConfig && options.oldConfig)
    throw new ClincherError('USAGE', 'Choose one of --new-config and --old-config.');
  const { control } = await deps.openSession(io, { config: tryConfig(io, options) });
  try {
    const run = await resolveRun(io, control, options.run, options);
    const state = await control.state(run);
    const gate = failedGate(state, options.step);
    const server = value === 'retry' ? await newServer(io, deps, control, state, options) : undefined;
    const receipt = await send(
      io,
      { control, state, gate },
      { value, ...(server ? { server } : {}) },
      options.updateId ?? newUpdateId(gate),
    );
    if (!receipt.accepted)
      throw new ClincherError('ANSWER_INVALID', receipt.reason ?? 'The answer was not taken.');
    if (isJson(options)) io.out(print(document('answer', { run, gate: gate.id, accepted: true, value })));
    else io.out(`${value}: ${gate.id.replace(/^failed:/, '')}; run ${run} goes on\n`);
    if (!isJson(options)) io.err(`clincher follow ${run}\n`);
    return 0;
  } finally {
    await control.close();
  }
}

export function failedGate(state: RunState, step: string | undefined): Gate {
  const failed = state.gates.filter((gate) => gate.kind === 'failed');
  const found = step === undefined ? failed : failed.filter((gate) => gate.id === `failed:${step}`);
  if (found.length === 1) return found[0]!;
  const names = failed.map((gate) => gate.id.replace(/^failed:/, ''));
  if (names.length === 0)
    throw new ClincherError(
      'NO_SUCH_GATE',
      `Run ${state.run} waits at no failed step; it is ${state.status}.`,
      {
        remedy: [`clincher show ${state.run}`],
      },
    );
  throw new ClincherError('USAGE', `Which step? ${names.join(', ')}`, {
    remedy: names.map((name) => `add --step ${name}`),
  });
}

/** The configuration is frozen into a run; a retry may take the edited one, when somebody says so. */
async function newServer(
  io: Io,
  deps: Deps,
  control: Control,
  state: RunState,
  options: FailedOptions & GlobalOptions,
): Promise<Server | undefined> {
  if (options.oldConfig) return undefined;
  const config = tryConfig(io, options);
  const now = config?.servers[state.server];
  const then = now && (await control.input(state.run)).server;
  const changed = now && then ? changedKeys(then, now) : [];
  if (changed.length === 0 || config === undefined || now === undefined) return undefined;
  const count = changed.length === 1 ? '1 value' : `${changed.length} values`;
  const told = `The configuration changed since this run started: ${count} (${changed.slice(0, 5).join(', ')}).`;
  if (options.newConfig) return locked(io, config, now);
  if (io.canPrompt)
    return (await deps.ask.confirm(io, `${told} Use the new one?`)) ? locked(io, config, now) : undefined;
  throw new ClincherError('USAGE', told, { remedy: ['add --new-config', 'add --old-config'] });
}

/** An image that is new in the configuration is pinned as before a run: the run would only stop for it later. */
async function locked(io: Io, config: Config, server: Server): Promise<Server | undefined> {
  const { ensureLocked } = await import('../../images/ensure-locked.js');
  return (await ensureLocked(io, config, [server])).servers[0];
}
