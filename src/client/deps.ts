// What a command reaches beyond the terminal: the engine, questions to a person, the clock. Tests give doubles.
import type { Config } from '../config/load.js';
import type { Server } from '../model.js';
import type { Control, StartedRun } from './control.js';
import type { Io } from './io.js';
import type { GlobalOptions } from './options.js';
import type { Reach } from './reach.js';

export interface Session {
  control: Control;
  /** The web UI of an embedded control plane. */
  uiUrl?: string | undefined;
  /** Where the web UI shows a run, when there is a web UI. */
  webUrl(run: StartedRun): string | undefined;
}

export interface OpenOptions {
  config: Config | undefined;
  /** False: fails when nothing is up instead of starting the embedded control plane. */
  start?: boolean;
  /** How long a Temporal of others may take to answer. */
  connectMs?: number;
}

export interface Ask {
  /** y/N; N is the default. */
  confirm(io: Io, question: string): Promise<boolean>;
  text(io: Io, question: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Masked. Nothing when the person left the question. */
  secret(io: Io, question: string, signal?: AbortSignal): Promise<string | undefined>;
  select(
    io: Io,
    question: string,
    options: readonly string[],
    signal?: AbortSignal,
  ): Promise<string | undefined>;
}

export interface Deps {
  openSession(io: Io, options: OpenOptions): Promise<Session>;
  /** From this machine straight to a server, past the engine. */
  reach(io: Io, config: Config, server: Server): Promise<Reach>;
  ask: Ask;
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** A verb of the command line: answers the exit code. */
export type Command<O> = (io: Io, options: O & GlobalOptions, deps: Deps) => Promise<number>;
