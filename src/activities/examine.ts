// The host part of `doctor`: can we reach it, become root there, and is it fit. Never changes anything.
import { ClincherError, ERRORS } from '../errors.js';
import type { Server, StepState } from '../model.js';
import type { Deps } from './deps.js';
import { type Host, Meter } from './host.js';
import { hostProblems } from './preflight.js';

export async function examine(deps: Deps, server: Server, signal?: AbortSignal): Promise<StepState[]> {
  const meter = new Meter();
  try {
    const host = await deps.hosts.open(server, meter);
    await host.script('id -u');
    return [...reached(host, meter.remoteMs), ...(await fitness(deps, host, server, signal))];
  } catch (error) {
    if (!(error instanceof ClincherError)) throw error;
    return [check('ssh', `${server.name} ssh`, error)];
  }
}

function reached({ via }: Host, remoteMs: number): StepState[] {
  return [
    check('ssh', `ssh ${remoteMs} ms as ${via.user} on ${via.port}, host key pinned`),
    check('sudo', 'root without a prompt'),
  ];
}

async function fitness(deps: Deps, host: Host, server: Server, signal?: AbortSignal): Promise<StepState[]> {
  const problems = await hostProblems(deps, host, server, signal);
  if (problems.length === 0) return [check('fit', 'system, disk, memory, clock, names and packages are fit')];
  return problems.map(({ code, message }) =>
    check(code.toLowerCase(), message, new ClincherError(code, message)),
  );
}

function check(id: string, title: string, error?: ClincherError): StepState {
  const state = { id: `doctor.${id}`, title, changes: [], notes: [] };
  if (!error) return { ...state, status: 'ok' };
  const { code, message, evidence, remedy } = error;
  const status = ERRORS[code].exitCode === 5 ? 'unreachable' : 'failed';
  return { ...state, status, error: { code, message, evidence: [...evidence], remedy: [...remedy] } };
}
