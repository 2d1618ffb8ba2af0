// The one moment of trust: shows a server's host keys, has a person compare them, and pins them.
import { fingerprint } from '../config/fields.js';
import { ClincherError } from '../errors.js';
import type { Ask } from './deps.js';
import type { HostKey } from './host-key.js';
import type { Draft } from './init-draft.js';
import type { Io } from './io.js';

export interface PinOptions {
  hostKey?: string[];
  acceptHostKey?: boolean;
}

type Scan = (address: string, port: number) => Promise<HostKey[]>;

export async function pinHostKeys(
  io: Io,
  ask: Ask,
  draft: Draft,
  options: PinOptions,
  scan: Scan,
): Promise<void> {
  if (options.hostKey !== undefined) return pin(draft, options.hostKey.map(given));
  if (draft.has('ssh.host_keys')) return;
  const keys = await seen(io, ask, draft, scan);
  if (keys === undefined) return;
  show(io, keys);
  if (!options.acceptHostKey) await compared(io, ask, draft, keys);
  pin(draft, keys);
}

function given(text: string): HostKey {
  const complaint = fingerprint(text);
  if (complaint !== undefined) throw new ClincherError('USAGE', `--host-key ${complaint}.`);
  return { type: '', fingerprint: text };
}

function pin(draft: Draft, keys: readonly HostKey[]): void {
  for (const { type, fingerprint } of keys) {
    draft.set('ssh.host_keys', fingerprint);
    if (type !== '') draft.remarks.set(fingerprint, type);
  }
}

/** Untouched servers answer on the first port, hardened ones on the second. */
async function seen(io: Io, ask: Ask, draft: Draft, scan: Scan): Promise<HostKey[] | undefined> {
  const address = draft.text('address') ?? '';
  const ports = [draft.text('ssh.first_contact.port') ?? '22', draft.text('ssh.port') ?? '9922'].map(Number);
  io.err(`Reading the host keys of ${address} …\n`);
  for (const port of ports) {
    const keys = await scan(address, port).catch((error: unknown) => unlessUnreachable(io, error));
    if (keys !== undefined) return keys;
  }
  const goesOn = io.canPrompt && (await ask.confirm(io, 'Go on, and pin its key later?'));
  return goesOn ? undefined : notSeen(address, ports);
}

function unlessUnreachable(io: Io, error: unknown): undefined {
  if (!(error instanceof ClincherError) || error.code !== 'UNREACHABLE') throw error;
  io.err(`  ${error.message}\n`);
  return undefined;
}

function notSeen(address: string, ports: number[]): never {
  throw new ClincherError(
    'UNREACHABLE',
    `${address} shows no host key on port ${ports.join(' or ')}; nothing was written.`,
    {
      remedy: [
        'check the address, the port and the provider’s firewall',
        'pass --host-key SHA256:…, from your provider’s console',
      ],
    },
  );
}

function show(io: Io, keys: readonly HostKey[]): void {
  const width = Math.max(...keys.map(({ type }) => type.length));
  for (const { type, fingerprint } of keys) io.err(`  ${type.padEnd(width)}  ${fingerprint}\n`);
}

const COMPARE = 'Compare with your provider’s console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub';

async function compared(io: Io, ask: Ask, draft: Draft, keys: readonly HostKey[]): Promise<void> {
  io.err(`${COMPARE}\n`);
  if (!io.canPrompt)
    throw new ClincherError('USAGE', 'Nobody is there to compare the host keys; nothing was written.', {
      remedy: [
        `clincher init … --host-key ${keys[0]?.fingerprint}   (when it is the same in your provider’s console)`,
        'clincher init … --accept-host-key   (trusts whatever answers)',
      ],
    });
  if (await ask.confirm(io, `Are these the keys of ${draft.server}?`)) return;
  throw new ClincherError(
    'DECLINED',
    'The host keys were not confirmed, so somebody may be in between; nothing was written.',
  );
}
