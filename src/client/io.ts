// The only owner of the terminal: streams, TTY, colour, width, Ctrl-C. Commands and views never ask the process.
import { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { type OwnTerminal, ownTerminal } from './own-terminal.js';

export type Style = Parameters<typeof styleText>[0];

export interface Io {
  /** The answer (stdout). */
  out(text: string): void;
  /** Progress, prompts, hints (stderr). */
  err(text: string): void;
  readonly stdin: NodeJS.ReadableStream;
  /** Where prompts draw themselves; stderr. */
  readonly promptStream: NodeJS.WritableStream;
  /** stdout, for bytes that somebody else has made. */
  readonly outStream: NodeJS.WritableStream;
  /** Where stdin and stdout are one: a person can sit at a shell elsewhere. */
  readonly terminal?: OwnTerminal | undefined;
  readonly isTTY: boolean;
  /** The answer goes to a terminal too. */
  readonly outIsTTY: boolean;
  /** A person is there: stdin and stderr are terminals, no --no-input, not CI. */
  readonly canPrompt: boolean;
  readonly columns: number;
  /** Width of the answer: a pipe has room, and nothing in it may be cut to fit a terminal that is not there. */
  readonly outColumns: number;
  readonly rows: number;
  readonly color: boolean;
  /** No box drawing or glyphs beyond ASCII. */
  readonly ascii: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  style(style: Style, text: string): string;
  /** Called on Ctrl-C instead of ending the process, until the returned function is called. */
  onInterrupt(handler: () => void): () => void;
  /** Called when the process ends, by whatever way, until the returned function is called. */
  onExit(handler: () => void): () => void;
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
    promptStream: stderr,
    outStream: stdout,
    terminal: ownTerminal(stdin, stdout, env),
    isTTY: Boolean(stderr.isTTY) && !ci,
    outIsTTY: Boolean(stdout.isTTY) && !ci,
    canPrompt: Boolean(stdin.isTTY && stderr.isTTY) && !ci && options.input !== false,
    // Read anew each time: a terminal is resized while we follow a run.
    get columns() {
      return stderr.columns || stdout.columns || 80;
    },
    get outColumns() {
      return stdout.isTTY ? stdout.columns || 80 : 120;
    },
    get rows() {
      return stderr.rows || stdout.rows || 24;
    },
    color,
    ascii: env['TERM'] === 'dumb' || !isUtf8(env),
    env,
    cwd: process.cwd(),
    style: (style, text) => (color ? styleText(style, text, { validateStream: false }) : text),
    onInterrupt: (handler) => listen(['SIGINT'], handler),
    onExit,
  };
}

function listen(signals: NodeJS.Signals[], handler: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of signals) process.on(signal, handler);
  return () => {
    for (const signal of signals) process.off(signal, handler);
  };
}

/** Node skips its exit handlers when a signal ends it, so the signals are caught, and end it all the same. */
function onExit(handler: () => void): () => void {
  process.on('exit', handler);
  const unlisten = listen(['SIGTERM', 'SIGHUP'], (signal) => process.exit(signal === 'SIGTERM' ? 143 : 129));
  return () => {
    process.off('exit', handler);
    unlisten();
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
  /** As if Ctrl-C had been pressed. */
  readonly interrupt: () => void;
}

const sink = (into: string[]): Writable =>
  new Writable({
    write: (chunk, _, done) => {
      into.push(String(chunk));
      done();
    },
  });

/** A double with buffers, for transcripts. */
export function testIo(overrides: Partial<Io> = {}): TestIo {
  const out: string[] = [];
  const err: string[] = [];
  const interrupts = new Set<() => void>();
  const color = overrides.color ?? false;
  return {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    stdin: process.stdin,
    promptStream: sink(err),
    outStream: sink(out),
    isTTY: false,
    outIsTTY: false,
    canPrompt: false,
    columns: 100,
    outColumns: overrides.columns ?? 100,
    rows: 40,
    ascii: false,
    env: {},
    cwd: '/',
    style: (style, text) => (color ? styleText(style, text, { validateStream: false }) : text),
    onInterrupt: (handler) => {
      interrupts.add(handler);
      return () => void interrupts.delete(handler);
    },
    onExit: () => () => {},
    stdout: () => out.join(''),
    stderr: () => err.join(''),
    interrupt: () => {
      for (const handler of [...interrupts]) handler();
    },
    ...overrides,
    color,
  };
}
