// What the watchdog may ask of the world, as types: a look, a restart that may mend, and a call to who notices its silence.
import type { Observed, Restarts, Server } from '../model.js';
import type { TaskInput, TaskResult } from './api.js';

export interface WatchInput {
  server: Server;
  /** As the look before left them. */
  restarts: Restarts;
  /** Whoever shows all of it wants what is well, too; every five minutes it would only fill the history. */
  inFull?: boolean | undefined;
}

export interface UnwellInput {
  server: Server;
}

/** A service that is not well. */
export interface Unwell {
  service: string;
  container: string;
  how: string;
  /** There is no container to restart. */
  isMissing?: true | undefined;
}

export interface HealInput extends TaskInput {
  service: string;
  /** Its container is made anew, and not only restarted. */
  anew: boolean;
}

export interface HealResult extends TaskResult {
  /** Restarted, and still unhealthy: then it is a person’s to decide. */
  healed: boolean;
}

export interface ChannelInput extends TaskInput {
  /** `telegram` */
  channel: string;
}

export interface WatchActivities {
  /** Everything the watchdog looks at, in one round trip; throws where the server cannot be reached. Changes nothing. */
  watchServer(input: WatchInput): Promise<Observed>;
  /** Calls the address of `watchdog.ping`; throws PING_FAILED. */
  pingOut(input: { server: Server }): Promise<void>;
  /** Services that do not run, or are unhealthy. Changes nothing. */
  seeUnwell(input: UnwellInput): Promise<{ unwell: Unwell[]; remote: TaskResult['remote'] }>;
  /** Restarts a service, or makes it anew, and waits until it is healthy; one that does not even start throws NOT_HEALED. */
  healService(input: HealInput): Promise<HealResult>;
  /** The gateway starts a channel that it holds back; throws NOT_HEALED where it does not. */
  startChannel(input: ChannelInput): Promise<TaskResult>;
}
