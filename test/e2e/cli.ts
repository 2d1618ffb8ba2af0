// Runs the command line from source as a process of its own, and keeps everything that it said.
import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const entry = fileURLToPath(new URL('../../src/clincher.ts', import.meta.url));

/** What `--json` prints, as far as tests look at it. */
export interface Doc {
  schema: string;
  run: string;
  status: string;
  outcome: { ok: number; changed: number; skipped: number; failed: number; unreachable: number };
  steps: {
    id: string;
    status: string;
    changes: { what: string }[];
    error?: { code: string; message: string };
  }[];
  gates: { id: string; kind: string; note?: string }[];
  error?: { code: string; message: string; evidence?: string[]; remedy?: string[] };
  runs: { run: string }[];
  roundTrips: number;
  counts: Record<string, number>;
  history: Record<string, number>;
}

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
  ms: number;
  /** The document on stdout; throws, quoting what was said, when there is none. */
  readonly doc: Doc;
}

export interface CliOptions {
  input?: string | undefined;
  timeoutMs?: number | undefined;
  /** clincher as it is shipped, instead of from source. */
  binary?: string | undefined;
}

export interface CliProcess {
  child: ChildProcess;
  ended: Promise<CliResult>;
  /** What it said so far, on both streams. */
  said(): string;
}

/** Commands of the tests' own environment never reach another Temporal, nor the operator's configuration. */
function environment(own: Record<string, string>): NodeJS.ProcessEnv {
  const foreign = /^(TEMPORAL_|CLINCHER_(?!CACHE)|CI$|NODE_OPTIONS$|VITEST|NODE_ENV$|FORCE_COLOR$)/;
  const kept = Object.entries(process.env).filter(([key]) => !foreign.test(key));
  return { ...Object.fromEntries(kept), NO_COLOR: '1', ...own };
}

/** As a process is started with: the program, then its words. */
export const cliWords = (words: readonly string[], binary?: string): [string, ...string[]] => [
  process.execPath,
  ...(binary === undefined ? ['--import', loader, entry] : [binary]),
  ...words,
];

export function startCli(
  words: readonly string[],
  env: Record<string, string>,
  cwd: string,
  { input, timeoutMs = 580_000, binary }: CliOptions = {},
): CliProcess {
  const began = Date.now();
  const [program, ...args] = cliWords(words, binary);
  const child = spawn(program, args, { env: environment(env), cwd });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  child.stdin.on('error', () => {}); // it may not want to read
  child.stdin.end(input ?? '');
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const ended = new Promise<CliResult>((resolve) =>
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(new Result(code ?? 137, said.stdout, said.stderr, Date.now() - began, words));
    }),
  );
  return { child, ended, said: () => said.stdout + said.stderr };
}

class Result implements CliResult {
  constructor(
    readonly code: number,
    readonly stdout: string,
    readonly stderr: string,
    readonly ms: number,
    private readonly words: readonly string[],
  ) {}

  get doc(): Doc {
    try {
      return JSON.parse(this.stdout) as Doc;
    } catch {
      const end = `${this.stdout}${this.stderr}`.trim().split('\n').slice(-12).join('\n');
      throw new Error(`clincher ${this.words.join(' ')} printed no document (exit ${this.code}):\n${end}`);
    }
  }
}
