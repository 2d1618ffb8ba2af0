// Brings a supervisor up in the background and waits for it; whoever else does the same gets the same one.
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClincherError } from '../errors.js';
import { identify, isAlive } from './identity.js';
import { openLog, tail } from './logs.js';
import { entryWords, inState, stateDir } from './paths.js';
import { everySoOften } from './progress.js';
import type { Say } from './server-source.js';
import { livingState, readState, type SupervisorState } from './state.js';

const START_WITHIN_MS = 120_000;

/** Finding or building the server happens here, where somebody sees what it says; the supervisor then finds it kept. */
export async function startAndWait(say: Say): Promise<SupervisorState> {
  const { findLocalServer, keepSource } = await import('./server-source.js');
  keepSource(await findLocalServer(say));
  say('Temporal: starting the server, the web UI and the worker in the background …');
  return waitUntilUp(say, readState());
}

/** Its own session and files for output: closing the terminal does not reach it. */
function launch() {
  const [node, ...words] = entryWords('supervisor');
  const log = openLog('supervisor');
  const child = spawn(node!, words, { detached: true, stdio: ['ignore', log, log], cwd: stateDir() });
  child.unref();
  closeSync(log);
  return child.pid === undefined ? undefined : identify(child.pid);
}

/** Several commands may wait at once, and each may have launched a supervisor: one of those stays. */
async function waitUntilUp(say: Say, before: SupervisorState | undefined): Promise<SupervisorState> {
  const until = Date.now() + START_WITHIN_MS;
  const stop = everySoOften(say, (seconds) => `Temporal: still starting, ${seconds} s …`);
  try {
    for (let launched = livingState()?.supervisor; Date.now() < until; await sleep(50)) {
      const state = readState();
      if (state?.phase === 'up' && isAlive(state.supervisor)) return state;
      if (state?.phase === 'failed' && state.startedAt !== before?.startedAt) throw failed(state.error);
      if (!livingState() && !isAlive(launched)) launched = launch();
    }
  } finally {
    stop();
  }
  throw failed(`it is not up after ${START_WITHIN_MS / 1000} s`);
}

const failed = (why = 'it ended') =>
  new ClincherError('TEMPORAL_UNREACHABLE', `The embedded control plane did not start: ${why}`, {
    evidence: [...tail('server', 4), ...tail('supervisor', 4)],
    remedy: [`read ${inState('logs')}`, 'clincher up'],
  });
