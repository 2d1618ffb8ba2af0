// The questions of `init`, in the order in which a person can answer them. What `--set` said is not asked.
import { resolve } from 'node:path';
import * as is from '../config/fields.js';
import { ClincherError } from '../errors.js';
import type { Ask } from './deps.js';
import type { Draft } from './init-draft.js';
import type { Io } from './io.js';
import type { OwnKey } from './own-keys.js';
import { readKeyFile } from './own-keys.js';

export interface Surroundings {
  ownKeys(env: NodeJS.ProcessEnv): Promise<OwnKey[]>;
  ownAddress(server: string, env: NodeJS.ProcessEnv): Promise<string | undefined>;
}

export async function askServerName(io: Io, ask: Ask): Promise<string> {
  return answer(io, ask, 'Name of the server', 'prod', is.serverName);
}

export async function askReach(io: Io, ask: Ask, draft: Draft): Promise<void> {
  await fill(io, ask, draft, 'address', 'IP address or host name', undefined, is.address);
  await fill(
    io,
    ask,
    draft,
    'ssh.first_contact.user',
    'User of the untouched server (root, debian, ubuntu)',
    'root',
    is.userName,
  );
  await fill(io, ask, draft, 'ssh.first_contact.port', 'Its SSH port', '22', port);
}

export async function askKey(io: Io, ask: Ask, draft: Draft, around: Surroundings): Promise<void> {
  if (draft.has('ssh.authorized_keys')) return;
  const keys = await around.ownKeys(io.env);
  const labels = new Map(keys.map((key) => [label(key), key]));
  const chosen =
    labels.size === 0 ? OTHER : await ask.select(io, 'Which key may log in?', [...labels.keys(), OTHER]);
  if (chosen === undefined) throw declined();
  useKey(draft, labels.get(chosen) ?? (await askKeyFile(io, ask)), io.env);
}

export async function askAdmin(io: Io, ask: Ask, draft: Draft, around: Surroundings): Promise<void> {
  if (draft.has('ssh.admin_addresses') || draft.get('tailscale.ssh_only') === true) return;
  const detected = await around.ownAddress(draft.text('address') ?? '', io.env);
  io.err('SSH will be reachable from this address alone: your own, as the server sees it, or a network.\n');
  await fill(io, ask, draft, 'ssh.admin_addresses', 'Admin address', detected, is.adminNetwork);
}

export async function askTelegram(io: Io, ask: Ask, draft: Draft): Promise<void> {
  if (draft.has('channels.telegram.enabled')) return;
  draft.set('channels.telegram.enabled', String(await ask.confirm(io, 'Talk to OpenClaw over Telegram?')));
}

/** The key and, where it is a file, the private half beside it. */
export function useKey(draft: Draft, key: OwnKey, env: NodeJS.ProcessEnv): void {
  draft.set('ssh.authorized_keys', key.line);
  const home = env['HOME'];
  const file = key.identityFile;
  if (file === undefined || draft.has('ssh.identity_file')) return;
  draft.set('ssh.identity_file', home && file.startsWith(`${home}/`) ? `~${file.slice(home.length)}` : file);
}

export function keyFrom(path: string, { cwd, env }: Pick<Io, 'cwd' | 'env'>): OwnKey {
  const file = path.startsWith('~/') ? `${env['HOME'] ?? ''}${path.slice(1)}` : resolve(cwd, path);
  try {
    const key = readKeyFile(file.endsWith('.pub') ? file : `${file}.pub`);
    if (key !== undefined) return key;
  } catch {
    throw new ClincherError('USAGE', `There is no public key file ${path}.`, {
      remedy: ['ssh-keygen -t ed25519'],
    });
  }
  throw new ClincherError('USAGE', `${path} holds no public key that OpenSSH takes.`, {
    remedy: ['ssh-keygen -t ed25519'],
  });
}

const OTHER = 'another file …';

const label = ({ line, from }: OwnKey): string => {
  const [type, blob = '', ...comment] = line.split(' ');
  return `${type} …${blob.slice(-8)} ${comment.join(' ')} (${from})`;
};

async function askKeyFile(io: Io, ask: Ask): Promise<OwnKey> {
  const path = await answer(io, ask, 'Public key file', '~/.ssh/id_ed25519.pub', (text) => {
    try {
      keyFrom(text, io);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  });
  return keyFrom(path, io);
}

const port = (text: string): string | undefined =>
  /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535 ? undefined : 'is not a port';

async function fill(
  io: Io,
  ask: Ask,
  draft: Draft,
  key: string,
  question: string,
  fallback: string | undefined,
  check: (text: string) => string | undefined,
): Promise<void> {
  if (!draft.has(key)) draft.set(key, await answer(io, ask, question, fallback, check));
}

/** Asks until the answer is a good one; an empty answer is the one in brackets. */
async function answer(
  io: Io,
  ask: Ask,
  question: string,
  fallback: string | undefined,
  check: (text: string) => string | undefined,
): Promise<string> {
  for (;;) {
    const typed = await ask.text(io, fallback === undefined ? `${question}:` : `${question} [${fallback}]:`);
    if (typed === undefined) throw declined();
    const text = typed.trim() || (fallback ?? '');
    const complaint = check(text);
    if (complaint === undefined) return text;
    io.err(`  that ${complaint}\n`);
  }
}

const declined = (): ClincherError => new ClincherError('DECLINED', 'Declined; nothing was written.');
