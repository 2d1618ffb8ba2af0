// What a failover may ask of the world, as types: who sees the old server, what stops it, and what it leaves.
import type { Server, Sighting } from '../model.js';
import type { TaskInput, TaskResult } from './api.js';

export interface SightInput {
  /** The old server, as it was. */
  server: Server;
  /** Who looks besides the worker. */
  vantages: readonly Server[];
}

export interface FenceInput extends TaskInput {
  /** Address of the server that goes on. */
  to: string;
}

export interface FailoverActivities {
  /** What each machine sees of a server. Changes nothing; one that cannot look says nothing. */
  sight(input: SightInput): Promise<Sighting[]>;
  /** Whether the worker gets into a server by SSH. Changes nothing. */
  canReach(input: { server: Server }): Promise<boolean>;
  /** Stops every container of the stack, so that nothing starts one again; throws NOT_FENCED. */
  fenceHost(input: FenceInput): Promise<TaskResult>;
  /** Lets it go on as it was. */
  unfenceHost(input: TaskInput): Promise<TaskResult>;
  /** Runs `failover.fence_command` on the worker; throws NOT_FENCED unless it ends with 0. */
  fenceByCommand(input: { server: Server }): Promise<void>;
  /** Waits until a server that could not be reached is back, and stops it; for as long as that takes. */
  fenceWhenBack(input: FenceInput): Promise<TaskResult>;
  /** Whether Telegram refuses the bot’s token in the vault; and to whom the new one is sealed. */
  isTokenRefused(input: { server: Server }): Promise<{ isRefused: boolean; sealTo: string }>;
  /** Brings the newest backup from the far end and reads it to its end with the key of the vault; throws BACKUP_INVALID. */
  pullCopies(input: TaskInput): Promise<TaskResult>;
  /** Puts aside what a fenced server has, so that it can stand by; nothing where it was not fenced. */
  retireState(input: TaskInput): Promise<TaskResult>;
}
