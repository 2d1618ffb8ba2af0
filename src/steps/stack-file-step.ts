// What the steps of the stack's files share: all files in one reading, each step with its own.
import { ownedChange, ownedFiles } from '../commands/owned-files.js';
import type { HostContext, Server } from '../model.js';
import { type StackFile, stackFiles } from '../stack/files.js';
import { secretsIn } from '../stack/tokens.js';
import { defineStep } from './define.js';

interface FileStep {
  id: string;
  title: string;
  why: string;
  source: string;
  /** Which of the stack's files are its own. */
  owns(path: string): boolean;
}

/** A standby has the files too, for the day it takes over. */
export const runsStack = ({ role, stack }: Server): boolean => role !== 'monitor' && stack.enabled;

export const fileStep = ({ owns, ...step }: FileStep) => {
  const own = (want: Server, host?: HostContext): StackFile[] =>
    stackFiles(want, host).filter(({ path }) => owns(path));
  return defineStep({
    ...step,
    after: ['stack.directories'],
    wanted: (want) => runsStack(want) && own(want).length > 0,
    secrets: (want) => secretsIn(own(want).map(({ content }) => content)),
    // Equal readings are made once: every step of a survey asks for all files, in the same words.
    facts: (want) => ({ files: ownedFiles(stackFiles(want)) }),
    plan: ({ files }, want, host) =>
      own(want, host).flatMap((file) => ownedChange(files.get(file.path), file)),
  });
};
