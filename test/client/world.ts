// Doubles for commands: a terminal with typed answers, a folder of its own, a clock that stands.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Ask } from '../../src/client/deps.js';
import { type Io, type TestIo, testIo } from '../../src/client/io.js';
import { folder } from '../secrets/folder.js';

export interface Asked extends Ask {
  /** Every question, in order. */
  readonly questions: string[];
}

/** Answers in the order of the questions; running out of them is a mistake of the test. */
export function answers(...given: (string | boolean | undefined)[]): Asked {
  const questions: string[] = [];
  const next = (question: string): string | boolean | undefined => {
    questions.push(question);
    if (given.length === 0) throw new Error(`no answer left for: ${question}`);
    return given.shift();
  };
  return {
    questions,
    confirm: async (_, question) => next(question) === true,
    text: async (_, question) => next(question) as string | undefined,
    secret: async (_, question) => next(question) as string | undefined,
    select: async (_, question, options) => {
      const answer = next(question);
      return typeof answer === 'string' ? options.find((option) => option.includes(answer)) : undefined;
    },
  };
}

export interface Bench {
  io: TestIo;
  cwd: string;
  home: string;
}

export function bench(files: Record<string, string> = {}, overrides: Partial<Io> = {}): Bench {
  const cwd = folder();
  const home = folder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text, { mode: 0o600 });
  const io = testIo({
    cwd,
    env: { HOME: home, PATH: process.env['PATH'] },
    stdin: Readable.from([]),
    ...overrides,
  });
  return { io, cwd, home };
}

/** The same place, a new command. */
export const again = ({ cwd, home }: Bench, overrides: Partial<Io> = {}): TestIo =>
  testIo({ cwd, env: { HOME: home, PATH: process.env['PATH'] }, stdin: Readable.from([]), ...overrides });

export const stdin = (text: string): { stdin: NodeJS.ReadableStream } => ({
  stdin: Readable.from([Buffer.from(text)]),
});

export const NOW = Date.parse('2026-11-22T12:00:00Z');
export const now = (): number => NOW;
