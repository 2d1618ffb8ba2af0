// What a run is started with: the frozen configuration of one server, who asks, and how far to go.
import { hostname, userInfo } from 'node:os';
import { ClincherError } from '../errors.js';
import type { RunInput, Server } from '../model.js';
import type { Io } from './io.js';
import { parseDuration } from './view/time.js';

export interface RunOptions {
  only?: string | undefined;
  from?: string | undefined;
  onFailure?: 'ask' | 'abort' | 'skip' | undefined;
  takeOver?: string | undefined;
  replaceEdited?: boolean | undefined;
  /** Of a plan: of this partition's gateway alone. */
  partition?: string | undefined;
}

export function who(env: NodeJS.ProcessEnv): string {
  // An account without a name, as containers have it, makes userInfo() throw.
  const user = env['SUDO_USER'] || env['USER'] || env['LOGNAME'] || nameOfAccount();
  return `${user}@${hostname()}`;
}

function nameOfAccount(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

export function runInput(io: Io, server: Server, options: RunOptions): RunInput {
  const { only, from, takeOver, replaceEdited } = options;
  return {
    server,
    who: who(io.env),
    // Nobody is there to answer: a failed step must not wait for days in a CI job.
    onFailure: options.onFailure ?? (io.canPrompt ? 'ask' : 'abort'),
    ...(only === undefined ? {} : { only }),
    ...(from === undefined ? {} : { from }),
    ...(takeOver === undefined ? {} : { takeOver }),
    ...(replaceEdited ? { replaceEdited } : {}),
  };
}

/** `--only` and `--from` must name something, or a typo would make a run that does nothing and is green. */
export async function checkSteps(options: RunOptions): Promise<void> {
  if (options.only === undefined && options.from === undefined) return;
  const [{ STEPS }, { nearest }, { matchesGlob }] = await Promise.all([
    import('../steps/index.js'),
    import('../config/nearest.js'),
    import('./glob.js'),
  ]);
  const ids = STEPS.map((step) => step.id);
  const hint = (word: string): string => {
    const guess = nearest(word.replaceAll('*', ''), ids);
    return guess ? `; did you mean ${guess}?` : '';
  };
  const { only, from } = options;
  if (only !== undefined && !ids.some((id) => matchesGlob(id, only)))
    throw new ClincherError('USAGE', `No step matches --only ${only}${hint(only)}`, {
      remedy: ['clincher steps'],
    });
  if (from !== undefined && !ids.includes(from))
    throw new ClincherError('USAGE', `There is no step ${from}${hint(from)}`, { remedy: ['clincher steps'] });
}

export function timeoutMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0)
    throw new ClincherError('USAGE', `"${text}" is no duration; write it as 90s, 10m or 2h.`);
  return ms;
}
