// What the supervisor says about itself: one small file that every command can read in a millisecond.

import { type Identity, isAlive } from './identity.js';
import { readJson, writeJson } from './json-file.js';
import { inState } from './paths.js';
import type { Ports } from './ports.js';
import type { LocalSource } from './server-source.js';

export interface ChildState extends Partial<Identity> {
  restarts: number;
}

export type ChildName = 'server' | 'ui' | 'worker';

export interface SupervisorState {
  phase: 'starting' | 'up' | 'stopping' | 'stopped' | 'failed';
  supervisor: Identity;
  startedAt: string;
  source?: LocalSource;
  ports?: Ports;
  children: Partial<Record<ChildName, ChildState>>;
  /** Which build the worker runs: a command of another build has it restarted. */
  build: string;
  /** Why it failed, fit to print. */
  error?: string;
}

export const NAMESPACE = 'default';

export const stateFile = () => inState('control-plane.json');
export const readState = () => readJson<SupervisorState>(stateFile());
export const writeState = (state: SupervisorState) => writeJson(stateFile(), state);

/** The state of a supervisor that lives; what a dead one left behind is nobody's state. */
export function livingState(): SupervisorState | undefined {
  const state = readState();
  return isAlive(state?.supervisor) ? state : undefined;
}

export const addressOf = (ports: Ports) => `127.0.0.1:${ports.frontend}`;
export const uiUrlOf = (ports: Ports) => `http://127.0.0.1:${ports.ui}`;
export const codecUrlOf = (ports: Ports) => `http://127.0.0.1:${ports.codec}`;
