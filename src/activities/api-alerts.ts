// What workflows may ask of alerts, as types: somebody told, each channel tried.
import type { Gate, Notice, Server, StepState, Told } from '../model.js';

export interface TellInput {
  server: Server;
  notice: Notice;
}

export interface RemindInput extends Pick<Gate, 'kind' | 'title' | 'options' | 'openedAt' | 'note'> {
  server: Server;
  run: string;
  gate: string;
  /** The first time, the second, … */
  times: number;
}

export interface AlertActivities {
  /** Tells people that a gate waits, with the command that answers it and a link where the page is on; that nobody could be told is no failure of the run. */
  remind(input: RemindInput): Promise<void>;
  /** By the first channel that takes it; throws NOBODY_TOLD where there are some and none does. */
  tell(input: TellInput): Promise<Told>;
  /** Each channel by itself, as a step. */
  tryChannels(input: { server: Server; who: string }): Promise<StepState[]>;
}
