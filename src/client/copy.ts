// Copies a file or folder between here and a server, by tar at both ends: whole at its place, or not at all.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { discard, pack, settle, unpack } from '../commands/copying.js';
import { ClincherError } from '../errors.js';
import { Capture } from './capture.js';
import { Interrupted } from './interrupted.js';
import type { Reach, RunAs } from './reach.js';

export interface Copied {
  to: string;
  bytes: number;
}

export interface Copy {
  from: string;
  to: string;
  as: RunAs;
  leave: AbortSignal;
}

export async function download(reach: Reach, { from, to, as, leave }: Copy): Promise<Copied> {
  const target = targetHere(to, basename(from.replace(/\/+$/, '')));
  const folder = madeBeside(target);
  try {
    const tar = started(['-x', '--no-same-owner', '-f', '-', '-C', folder]);
    const [counted, stderr] = [new Counted(), new Capture()];
    counted.pipe(tar.stdin!);
    const code = await reach.attach(pack(from), { stdout: counted, stderr, leave }, as);
    counted.end();
    const ended = await endOf(tar);
    mustBeWhole({ code, said: stderr.text() }, ended, leave);
    renameSync(join(folder, onlyOne(folder)), target);
    return { to: target, bytes: counted.bytes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function upload(reach: Reach, { from, to, as, leave }: Copy): Promise<Copied> {
  const path = resolve(from);
  if (!existsSync(path)) throw new ClincherError('USAGE', `${from}: there is no such file.`);
  const name = basename(path);
  const tar = started(['-c', '-f', '-', '-C', dirname(path), '--', name]);
  const [counted, stdout, stderr] = [new Counted(), new Capture(), new Capture()];
  const stdin = tar.stdout!.pipe(counted);
  const code = await reach.attach(unpack(to, name), { stdin, stdout, stderr, leave }, as);
  // Nobody reads on: it would wait for ever.
  if (code !== 0 || leave.aborted) tar.kill();
  const ended = await endOf(tar);
  const [folder = '', place = ''] = stdout.text().split('\n');
  const quietly = { stdout: new Capture(), stderr };
  if (code === 0 && (ended.code !== 0 || leave.aborted)) await reach.attach(discard(folder), quietly, as);
  mustBeWhole({ code, said: stderr.text() }, ended, leave);
  const moved = await reach.attach(settle(folder, name, place), quietly, as);
  if (moved !== 0) throw notCopied(stderr.text(), moved);
  return { to: place, bytes: counted.bytes };
}

interface End {
  code: number;
  said: string;
}

function mustBeWhole(there: End, here: End, leave: AbortSignal): void {
  if (leave.aborted) throw new Interrupted();
  if (there.code !== 0) throw notCopied(there.said, there.code);
  if (here.code !== 0) throw notCopied(here.said, here.code);
}

/** Into a folder that is there, else as that name. */
function targetHere(to: string, name: string): string {
  const path = resolve(to);
  const target = existsSync(path) && statSync(path).isDirectory() ? join(path, name) : path;
  if (existsSync(target) && statSync(target).isDirectory())
    throw new ClincherError('NOT_COPIED', `${target}: a folder is there already`, {
      remedy: ['name another place, or take it away first'],
    });
  return target;
}

function madeBeside(target: string): string {
  try {
    return mkdtempSync(join(dirname(target), '.clincher-cp-'));
  } catch (error) {
    throw new ClincherError('USAGE', `Nothing can be written there: ${(error as Error).message}`);
  }
}

/** Whatever a server packs, one thing comes out of it, and no link that leads elsewhere. */
function onlyOne(folder: string): string {
  const [name, another] = readdirSync(folder);
  if (name !== undefined && another === undefined && !lstatSync(join(folder, name)).isSymbolicLink())
    return name;
  throw notCopied('what came is not the one file that was asked for', 1);
}

/** Counts on the way: a listener would have it flow before anybody takes what comes. */
class Counted extends Transform {
  bytes = 0;

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    done(null, chunk);
  }
}

/** Macs would pack a second file beside each. */
const started = (words: string[]): ChildProcess =>
  spawn('tar', words, { stdio: 'pipe', env: { ...process.env, COPYFILE_DISABLE: '1' } });

function endOf(tar: ChildProcess): Promise<End> {
  let said = '';
  tar.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve) => {
    if (tar.exitCode !== null) resolve({ code: tar.exitCode, said });
    tar.once('error', (error) => resolve({ code: 127, said: error.message }));
    tar.once('close', (code) => resolve({ code: code ?? 1, said }));
  });
}

const notCopied = (said: string, code: number): ClincherError =>
  new ClincherError('NOT_COPIED', said.trim().split('\n').at(-1) || `tar ended with ${code}`, {
    evidence: said.trim().split('\n').slice(-4, -1),
    remedy: ['add --sudo where it is root’s'],
  });
