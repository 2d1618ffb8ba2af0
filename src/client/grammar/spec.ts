// A command of the grammar as data: the parser, the help, the completion and the docs are made from it.
import type { Command } from '../deps.js';

export interface Flag {
  /** As commander writes them: `-s, --server <name>`. */
  flags: string;
  help: string;
  choices?: readonly string[];
  /** May be given several times. */
  repeats?: boolean;
  /** A whole number, at least 1 unless said otherwise. */
  isNumber?: { min: number };
  /** Fills this in completion. */
  completes?: 'server' | 'step' | 'file';
}

export interface Argument {
  name: string;
  help: string;
  isOptional?: boolean;
  /** Takes all the words that are left. */
  isVariadic?: boolean;
  choices?: readonly string[];
  completes?: 'runbook' | 'run' | 'run-or-server' | 'server' | 'step' | 'topic' | 'gate';
}

export interface CommandSpec {
  /** One word, or two for a noun with verbs: `lock status`. */
  name: string;
  group: Group;
  /** One sentence. */
  summary: string;
  examples: readonly string[];
  args: readonly Argument[];
  flags: readonly Flag[];
  /** Loaded only when it runs. Its options are these arguments and flags, in camelCase. */
  load(): Promise<Command<never>>;
}

export type Group = 'Start' | 'Operate' | 'Answer' | 'Look' | 'Reach' | 'Keep' | 'Shell';

export const GROUPS: readonly Group[] = ['Start', 'Operate', 'Answer', 'Look', 'Reach', 'Keep', 'Shell'];
