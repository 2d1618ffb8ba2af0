// One login by one key, to see whether the server takes it: no pooled connection, no other key, no agent besides.
import { ClincherError } from '../errors.js';
import type { Server, SshEndpoint } from '../model.js';
import type { LoginInput, TaskResult } from './api.js';
import type { Deps } from './deps.js';

/** Throws NOT_ROTATED; a server that does not answer has not refused anybody, and is asked again. */
export async function tryLogin(deps: Deps, { server, expected }: LoginInput): Promise<TaskResult> {
  const key = shownKey(server.ssh.authorized_keys[0] ?? '');
  const seen = await asked(deps, server);
  if (seen === expected)
    return { changes: [{ what: `${server.ssh.user}@${server.name}: ${key} is ${seen}` }], remote: [] };
  throw new ClincherError('NOT_ROTATED', `${server.name}: ${key} is ${seen}, and should be ${expected}`, {
    remedy: [`clincher verify -s ${server.name} --only 'base.*'`],
  });
}

async function asked({ hosts }: Deps, server: Server): Promise<LoginInput['expected']> {
  try {
    await hosts.prove(server, hardened(server));
    return 'taken';
  } catch (error) {
    if (isRefusal(error)) return 'refused';
    throw error;
  }
}

/** By sshd itself: a private key that cannot be read is refused by nobody. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ClincherError &&
  error.code === 'AUTH_REFUSED' &&
  (error.cause as { level?: string } | undefined)?.level === 'client-authentication';

const hardened = ({ address, ssh: { port, user, host_keys } }: Server): SshEndpoint => ({
  ...{ address, port, user, host_keys },
});

/** Its comment, or the end of it, as people tell keys apart. */
function shownKey(line: string): string {
  const [type = '', blob = '', ...comment] = line.split(' ');
  return comment.length > 0 ? `the key "${comment.join(' ')}"` : `the ${type} key …${blob.slice(-8)}`;
}
