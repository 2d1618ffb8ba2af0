// What a move to another control plane may ask of the world, as types.
import type { CheckResult, Move, PlaneSeen, Server, Span } from '../model.js';
import type { TaskInput, TaskResult } from './api.js';

export interface SeeControlInput {
  server: Server;
  servers: readonly Server[];
}

export interface MoveInput extends TaskInput {
  move: Move;
}

export interface ControlActivities {
  /** The control plane there, and which servers are its own already. Changes nothing. */
  seeControl(input: SeeControlInput): Promise<PlaneSeen & { remote: Span[] }>;
  /** What starts by itself here, for any server, stands still; throws LOCKED while another run is open. */
  pauseSchedules(input: MoveInput): Promise<TaskResult>;
  /** clincher.yaml, the lock, the vault for the key there, and the keys that log in. As often as it is asked. */
  carryOver(input: MoveInput): Promise<TaskResult>;
  /** It answers on loopback alone, and a run that is begun there gets into every server. Changes nothing. */
  proveControl(input: MoveInput): Promise<{ checks: CheckResult[]; remote: Span[] }>;
  /** Every server is adopted there, the one on which it is the last; throws NOT_MOVED. */
  adoptThere(input: MoveInput): Promise<TaskResult>;
  /** After a move that was not: schedules of servers that are not theirs go on here. */
  resumeSchedules(input: MoveInput): Promise<TaskResult>;
}
