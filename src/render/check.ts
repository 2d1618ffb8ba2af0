// Has every rendered file judged by its own tool, side by side; a tool that is not here has judged nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type ProgramOptions, type ProgramResult, runProgram } from '../images/program.js';
import { CHECKERS, type Checker, type Place } from './checkers.js';
import type { Rendered, RenderedFile } from './rendered.js';

export interface FileCheck {
  tool: string;
  /** Paths on the server. */
  files: string[];
  verdict: 'ok' | 'fails' | 'not-checked';
  /** What the tool has against them. */
  lines: string[];
  /** Why nothing was checked, or how to get the tool. */
  reason?: string | undefined;
}

export type Runner = (
  words: readonly string[],
  options: ProgramOptions,
) => Promise<ProgramResult | undefined>;

export interface CheckWork {
  rendered: Rendered;
  /** The folder with the files, absolute. */
  folder: string;
  image: string;
  env: NodeJS.ProcessEnv;
  /** Absent: the programs of this machine. */
  run?: Runner;
  /** Where tools may leave things meanwhile. */
  scratchIn?: string;
}

const TIMEOUT_MS = 60_000;
const MAX_LINES = 8;

export const checkFiles = (work: CheckWork): Promise<FileCheck[]> =>
  Promise.all(
    CHECKERS.flatMap((checker) => groups(checker, work).map((files) => judged(checker, files, work))),
  );

/** Files that no tool knows. */
export const unjudged = ({ files, server }: Rendered): string[] =>
  files.filter((file) => !CHECKERS.some((checker) => checker.of(file, server))).map(({ path }) => path);

function groups({ of, together }: Checker, { rendered: { files, server } }: CheckWork): RenderedFile[][] {
  const own = files.filter((file) => of(file, server));
  return together ? (own.length > 0 ? [own] : []) : own.map((file) => [file]);
}

async function judged(checker: Checker, files: RenderedFile[], work: CheckWork): Promise<FileCheck> {
  const scratch = mkdtempSync(join(work.scratchIn ?? tmpdir(), 'clincher-render-'));
  try {
    const { path = '' } = files[0] ?? {};
    const {
      folder: root,
      image,
      rendered: { server },
    } = work;
    const words = checker.words({ path: root + path, root, scratch, server, image, user: ownUser() });
    const run = work.run ?? here;
    const seen = await run(words, {
      env: toolEnv(work.env, scratch),
      timeoutMs: TIMEOUT_MS,
      until: checker.until,
    });
    const verdict = verdictOf(checker, seen, { root, image });
    return { tool: checker.tool, files: files.map((file) => file.path), ...verdict };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const here: Runner = ([name = '', ...args], options) => runProgram(name, args, options);

const ownUser = (): string => `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;

type Verdict = Pick<FileCheck, 'verdict' | 'lines' | 'reason'>;

/** As a shell says it: 127, there is none; 126, it may not be run. */
const isAbsent = (code: number | undefined): boolean => code === 127 || code === 126;

const unchecked = (reason: string): Verdict => ({ verdict: 'not-checked', lines: [], reason });

function verdictOf(
  { tool, get, excuses = [], faults }: Checker,
  seen: ProgramResult | undefined,
  { root, image }: Pick<Place, 'root' | 'image'>,
): Verdict {
  if (seen === undefined || isAbsent(seen.code)) return unchecked(`${tool} is not installed here: ${get}`);
  const said = `${seen.stdout}\n${seen.stderr}`;
  if (seen.code === 0 || seen.isTaken) return { verdict: 'ok', lines: [] };
  const excuse = excuses.find(([pattern]) => pattern.test(said));
  if (excuse) return unchecked(excuse[1].replace('{image}', image));
  if (seen.code === undefined) return unchecked(`${tool} did not end within ${TIMEOUT_MS / 1000} s`);
  const found = faults?.(said) ?? [];
  const lines = found.length > 0 ? found : said.split('\n');
  const told = lines.filter((line) => line.trim() !== '').map((line) => line.replaceAll(root, ''));
  // One that fails without a word is not to look like one that says nothing is wrong.
  return { verdict: 'fails', lines: told.length > 0 ? told.slice(-MAX_LINES) : [`exit ${seen.code}`] };
}

/**
 * Little of this machine reaches a tool: a variable of the shell would win over one of .env. What a tool keeps at home
 * goes into the scratch folder; docker's own folder has its plugins and says which engine is meant.
 */
function toolEnv(env: NodeJS.ProcessEnv, scratch: string): NodeJS.ProcessEnv {
  const kept = ['DOCKER_HOST', 'DOCKER_CONTEXT'].flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  // Debian keeps sshd, visudo and iptables where a user's PATH does not look.
  const path = [env['PATH'], '/usr/local/sbin', '/usr/sbin', '/sbin'].filter(Boolean).join(delimiter);
  const dockerConfig = env['DOCKER_CONFIG'] || join(env['HOME'] || '/', '.docker');
  return {
    ...{ PATH: path, HOME: scratch, LC_ALL: 'C.UTF-8', DOCKER_CONFIG: dockerConfig, NO_COLOR: '1' },
    ...{ XDG_CONFIG_HOME: scratch, XDG_DATA_HOME: scratch },
    ...Object.fromEntries(kept),
  };
}
