// What a run of a partition asks of the world, and how large a host is, as types.
import type { Machine, Server, Span } from '../model.js';
import type { TaskInput, TaskResult } from './api.js';

export interface PartitionActivities {
  /** What the host has, for `stack.tier: auto`. Changes nothing. */
  sizeOf(input: { server: Server }): Promise<{ machine: Machine; remote: Span[] }>;
  /** That nobody else in clincher.yaml holds the gateway's Telegram bot; throws BOT_IN_USE. No value leaves the worker. */
  ownBot(input: { server: Server }): Promise<void>;
  /** Takes containers and networks of a partition away, and puts its folder aside; throws PARTITION_LEFT. */
  removePartition(input: TaskInput): Promise<TaskResult>;
}
