// `--key` of rotate-ssh: which key is to log in and which one goes, found and looked at before anything is contacted.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import ssh2 from 'ssh2';
import { ClincherError } from '../../errors.js';
import type { KeySwap, LoginKey, Server } from '../../model.js';
import type { Runbook } from '../../workflows/catalog.js';
import type { Io } from '../io.js';
import { agentKeys, blobOf, readKeyFile } from '../own-keys.js';
import type { Edit } from '../wanted.js';

export interface KeyOptions {
  key?: string;
  replaces?: string;
  dryRun?: boolean;
  only?: string | undefined;
  from?: string | undefined;
}

/** By server; empty for every other runbook. */
export async function keySwaps(
  io: Io,
  { name }: Runbook,
  options: KeyOptions,
  servers: readonly Server[],
): Promise<Map<string, KeySwap>> {
  if (name !== 'rotate-ssh') return mustNotName(name, options);
  const { key, replaces, only, from } = options;
  if (only !== undefined || from !== undefined)
    throw new ClincherError('USAGE', 'A rotation is one whole: it takes neither --only nor --from.');
  if (key === undefined) throw noKey(servers[0]!);
  const to = await newKey(io, key);
  const swaps = servers.map((server) => [server.name, swapOf(io, server, to, replaces)] as const);
  return new Map(swaps);
}

function mustNotName(name: string, { key, replaces }: KeyOptions): Map<string, KeySwap> {
  if (key === undefined && replaces === undefined) return new Map();
  throw new ClincherError('USAGE', `--key and --replaces are of rotate-ssh; ${name} takes neither.`);
}

const MAKE = "ssh-keygen -t ed25519 -N '' -f ~/.ssh/clincher-next";

const noKey = ({ name }: Server): ClincherError =>
  new ClincherError('USAGE', 'rotate-ssh is told the new key.', {
    remedy: [MAKE, `clincher run rotate-ssh -s ${name} --key ~/.ssh/clincher-next`],
  });

/** The private half in a file; or in the agent, where only the .pub is named. */
async function newKey(io: Io, named: string): Promise<LoginKey> {
  const path = fullPath(io, named);
  const file = path.endsWith('.pub') ? path.slice(0, -'.pub'.length) : path;
  const line = publicLine(`${file}.pub`, named);
  if (existsSync(file)) return { line, identity_file: file };
  const inAgent = (await agentKeys(io.env['SSH_AUTH_SOCK'])).some((each) => blobOf(each) === blobOf(line));
  if (path.endsWith('.pub') && inAgent) return { line };
  const message = `${file} is not there${path.endsWith('.pub') ? ', and the SSH agent does not have that key' : ''}.`;
  throw new ClincherError('USAGE', message, { remedy: [`ssh-add ${file}`, MAKE] });
}

const fullPath = ({ env, cwd }: Io, path: string): string =>
  resolve(cwd, path.replace(/^~(?=\/)/, env['HOME'] || homedir()));

function publicLine(path: string, named: string): string {
  const line = existsSync(path) ? readKeyFile(path)?.line : undefined;
  if (line !== undefined) return line;
  const why = existsSync(path) ? 'holds no public key' : 'is not there';
  throw new ClincherError('USAGE', `${path} ${why}.`, {
    remedy: [`ssh-keygen -y -f ${named.replace(/\.pub$/, '')} >${path}`, MAKE],
  });
}

function swapOf(io: Io, server: Server, to: LoginKey, replaces: string | undefined): KeySwap {
  const { authorized_keys: lines } = server.ssh;
  const from = oldKey(io, server, replaces);
  if (blobOf(from.line) === blobOf(to.line))
    throw new ClincherError(
      'USAGE',
      `That key is the one that ${server.name} is logged in to with already.`,
      {
        remedy: [MAKE, `to take others out: clincher run provision -s ${server.name}`],
      },
    );
  mustOpen(server, to);
  return { from, to, lines };
}

/** The one of `identity_file`; without one, the only one there is, or the one that was named. */
function oldKey(io: Io, server: Server, replaces: string | undefined): LoginKey {
  const { identity_file, authorized_keys: lines } = server.ssh;
  const named = replaces === undefined ? undefined : publicLine(fullPath(io, replaces), replaces);
  const blob = named === undefined ? ownBlob(identity_file) : blobOf(named);
  const line =
    blob === undefined && lines.length === 1 ? lines[0] : lines.find((each) => hasBlob(each, blob));
  if (line !== undefined)
    return {
      line,
      ...(ownBlob(identity_file) === blobOfLine(line) && identity_file ? { identity_file } : {}),
    };
  throw new ClincherError(
    'USAGE',
    `ssh.authorized_keys of ${server.name} does not have the key ${replaces ?? `of ${identity_file ?? 'the SSH agent'}`}.`,
    { remedy: [`clincher run rotate-ssh -s ${server.name} --key <new> --replaces <old>.pub`] },
  );
}

const blobOfLine = (line: string): string | undefined =>
  line.split(/\s+/).find((word) => word.startsWith('AAAA'));
const hasBlob = (line: string, blob: string | undefined): boolean =>
  blob !== undefined && blobOfLine(line) === blob;

/** Of the public half beside the file; else of the file itself, where it tells without a passphrase. */
function ownBlob(file: string | undefined): string | undefined {
  if (file === undefined || !existsSync(file)) return undefined;
  const beside = existsSync(`${file}.pub`) ? readKeyFile(`${file}.pub`) : undefined;
  if (beside) return blobOf(beside.line);
  const parsed = ssh2.utils.parseKey(readFileSync(file));
  return parsed instanceof Error ? undefined : parsed.getPublicSSH().toString('base64');
}

/** A worker has nobody to ask for a passphrase. */
function mustOpen({ name, ssh }: Server, { identity_file: file, line }: LoginKey): void {
  if (file === undefined || ssh.identity_passphrase !== undefined) return;
  const parsed = ssh2.utils.parseKey(readFileSync(file));
  if (!(parsed instanceof Error)) {
    mustBelong(parsed.getPublicSSH().toString('base64'), line, file);
    return;
  }
  throw new ClincherError('USAGE', `${file} cannot be read as it is: ${parsed.message}`, {
    remedy: [
      `ssh-add ${file}, and name ${file}.pub`,
      `or keep its passphrase in the vault: servers.${name}.ssh.identity_passphrase`,
    ],
  });
}

function mustBelong(blob: string, line: string, file: string): void {
  if (blobOf(line) === blob) return;
  throw new ClincherError('USAGE', `${file}.pub is not the public half of ${file}.`, {
    remedy: [`ssh-keygen -y -f ${file} >${file}.pub`],
  });
}

/** What clincher.yaml says of it: the lines that log in, and the file that clincher uses; a plan still comes by the old one. */
export function keyWishes(swaps: ReadonlyMap<string, KeySwap>, isPlan: boolean): Map<string, Edit[]> {
  const edits = ([name, { from, to, lines }]: [string, KeySwap]): [string, Edit[]] => {
    const after = lines.map((line) => (line === from.line ? to.line : line));
    const keys: Edit = [['servers', name, 'ssh', 'authorized_keys'], [...new Set(after)]];
    const file: Edit = [['servers', name, 'ssh', 'identity_file'], shown(to.identity_file)];
    return [name, isPlan ? [keys] : [keys, file]];
  };
  return new Map([...swaps].map(edits));
}

/** As people write it. */
const shown = (file: string | undefined): string | undefined =>
  file?.startsWith(`${homedir()}/`) ? `~${file.slice(homedir().length)}` : file;
