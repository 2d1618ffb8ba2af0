// What workflows may ask of alerts, as types: somebody told, each channel tried.
import type { Notice, Server, StepState, Told } from '../model.js';

export interface TellInput {
  server: Server;
  notice: Notice;
}

export interface RemindInput {
  server: Server;
  run: string;
  gate: string;
  title: string;
  /** How often this was told already. */
  times: number;
}

export interface AlertActivities {
  /** Tells people that a gate has waited for long; that nobody could be told is no failure of the run. */
  remind(input: RemindInput): Promise<void>;
  /** By the first channel that takes it; throws NOBODY_TOLD where there are some and none does. */
  tell(input: TellInput): Promise<Told>;
  /** Each channel by itself, as a step. */
  tryChannels(input: { server: Server; who: string }): Promise<StepState[]>;
}
