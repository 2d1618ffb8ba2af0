// How a secret reaches a command: a masked prompt, a file, or stdin. Never an argument, which every user of the machine can see.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ClincherError } from '../errors.js';
import type { Ask } from './deps.js';
import type { Io } from './io.js';

export interface SecretInput {
  /** `-` is stdin. */
  secretFile?: string | undefined;
  question: string;
  /** What to type instead when nobody is there. */
  instead: string;
}

const MAX_BYTES = 64 * 1024;

export async function secretInput(io: Io, ask: Ask, input: SecretInput): Promise<string> {
  if (input.secretFile !== undefined && input.secretFile !== '-')
    return withoutLineEnd(await readSecretFile(resolve(io.cwd, input.secretFile)));
  if (input.secretFile === undefined && io.canPrompt) return prompted(io, ask, input.question);
  if ('isTTY' in io.stdin && io.stdin.isTTY)
    throw new ClincherError('USAGE', 'Nobody is asked here, and no secret came by stdin.', {
      remedy: [`${input.instead} --secret-file <file>`, `… | ${input.instead}`],
    });
  return withoutLineEnd(await readAll(io.stdin));
}

async function prompted(io: Io, ask: Ask, question: string): Promise<string> {
  const typed = await ask.secret(io, question);
  if (typed === undefined) throw new ClincherError('DECLINED', 'Declined; nothing was stored.');
  return typed.trim();
}

/** The line end that editors and `echo` add is no part of a secret. */
const withoutLineEnd = (text: string): string => text.replace(/\r?\n$/, '');

async function readSecretFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new ClincherError('USAGE', `${path} cannot be read (${error.code}).`);
  });
  if (bytes.length > MAX_BYTES) throw new ClincherError('USAGE', `${path} is larger than 64 KiB.`);
  return bytes.toString('utf8');
}

export async function readAll(stdin: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) throw new ClincherError('USAGE', 'More than 64 KiB came by stdin.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
