// What a run of a partition asks of the world, as types.
import type { Server } from '../model.js';
import type { TaskInput, TaskResult } from './api.js';

export interface PartitionActivities {
  /** That nobody else in clincher.yaml holds the gateway's Telegram bot; throws BOT_IN_USE. No value leaves the worker. */
  ownBot(input: { server: Server }): Promise<void>;
  /** Takes containers and networks of a partition away, and puts its folder aside; throws PARTITION_LEFT. */
  removePartition(input: TaskInput): Promise<TaskResult>;
}
