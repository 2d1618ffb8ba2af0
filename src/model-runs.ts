// What a run is started with. Types only.
import type { ChangeView, Server, StepStatus } from './model.js';

export interface RunInput {
  /** Frozen at the start: editing clincher.yaml cannot change a run in flight. */
  server: Server;
  who: string;
  /** Glob over step ids: only these. */
  only?: string | undefined;
  /** Step id: skip what comes before it. */
  from?: string | undefined;
  /** What a failed step does: ask at a gate, skip it, or end the run. */
  onFailure: 'ask' | 'skip' | 'abort';
  /** Reason for taking over a host that another control plane marked. */
  takeOver?: string | undefined;
  /** Files that were edited by hand since clincher wrote them are replaced without asking. */
  replaceEdited?: boolean | undefined;
  /** Whoever began it looks at everything afterwards: nothing is proved twice, and nothing opened anew. */
  isProvedLater?: boolean | undefined;
}

export interface RunError {
  code: string;
  message: string;
  /** Last lines of what the host said, at most 8. */
  evidence?: string[] | undefined;
  remedy?: string[] | undefined;
}

export interface StepState {
  id: string;
  title: string;
  status: StepStatus;
  startedAt?: string | undefined;
  durationMs?: number | undefined;
  changes: ChangeView[];
  notes: string[];
  error?: RunError | undefined;
}

export interface GroupState {
  name: string;
  steps: StepState[];
}
