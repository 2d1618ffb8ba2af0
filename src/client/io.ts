// The only owner of the terminal: streams, TTY, colour, width. Commands and views never ask the process.
import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

export interface Io {
  /** The answer (stdout). */
  out(text: string): void;
  /** Progress, prompts, hints (stderr). */
  err(text: string): void;
  readonly stdin: NodeJS.ReadableStream;
  readonly isTTY: boolean;
  /** A person is there: stdin and stderr are terminals, no --no-input, not CI. */
  readonly canPrompt: boolean;
  readonly columns: number;
  readonly color: boolean;
  /** No box drawing or glyphs beyond ASCII. */
  readonly ascii: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  style(style: Style, text: string): string;
}

export interface IoOptions {
  color?: 'auto' | 'always' | 'never';
  input?: boolean;
}

export function processIo(options: IoOptions = {}): Io {
  const { stdout, stderr, stdin, env } = process;
  const ci = Boolean(env['CI']);
  const color = wantsColor(options.color ?? 'auto', env, Boolean(stderr.isTTY && stdout.isTTY));
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    stdin,
    isTTY: Boolean(stderr.isTTY) && !ci,
    canPrompt: Boolean(stdin.isTTY && stderr.isTTY) && !ci && options.input !== false,
    columns: stderr.columns ?? stdout.columns ?? 80,
    color,
    ascii: env['TERM'] === 'dumb' || !isUtf8(env),
    env,
    cwd: process.cwd(),
    style: (style, text) => (color ? styleText(style, text, { validateStream: false }) : text),
  };
}

function wantsColor(mode: 'auto' | 'always' | 'never', env: NodeJS.ProcessEnv, isTTY: boolean): boolean {
  if (mode !== 'auto') return mode === 'always';
  if (env['NO_COLOR'] || env['TERM'] === 'dumb') return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return isTTY;
}

function isUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale === '' || /utf-?8/i.test(locale);
}

export interface TestIo extends Io {
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** A double with buffers, for transcripts. */
export function testIo(overrides: Partial<Io> = {}): TestIo {
  const out: string[] = [];
  const err: string[] = [];
  const color = overrides.color ?? false;
  return {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    stdin: process.stdin,
    isTTY: false,
    canPrompt: false,
    columns: 100,
    ascii: false,
    env: {},
    cwd: '/',
    style: (style, text) => (color ? styleText(style, text, { validateStream: false }) : text),
    stdout: () => out.join(''),
    stderr: () => err.join(''),
    ...overrides,
    color,
  };
}
