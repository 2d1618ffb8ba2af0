// Proves a guarded change by a new login, then lets it stand; otherwise sees to it that the old state comes back.
import { ClincherError } from '../errors.js';
import type { Guard, SshEndpoint } from '../model.js';
import type { ConvergeInput } from './api.js';
import type { Beat } from './beat.js';
import type { Deps } from './deps.js';
import { parseContext } from './evaluate.js';
import { disarm, GUARD_SECONDS, revertNow } from './guard.js';
import { type Host, Meter } from './host.js';

/** Spaced so that five tries stay below what `ufw limit` counts. */
const TRY_EVERY_MS = 6_000;
const TRIES = 5;

export interface Proof {
  deps: Deps;
  input: ConvergeInput;
  beat: Beat;
  meter: Meter;
}

/** The host by its new way in. Throws LOCKOUT_REVERTED when the new way did not work: the old one does again by then. */
export async function commit({ deps, input, beat, meter }: Proof, guard: Guard, old: Host): Promise<Host> {
  const endpoint = wayToProve(input, guard, old);
  const failure = await firstSuccess(deps, input, endpoint, beat);
  if (failure !== null) throw await lockedOut(deps, input, old, endpoint, failure);
  const host = await deps.hosts.open(input.server, meter);
  const { stdout } = await host.script(disarm(input.key), { signal: beat.signal });
  if (stdout.trim() === 'reverted')
    throw reverted(input, endpoint, 'the proof came after the host had given up waiting');
  return host;
}

function wayToProve({ server }: ConvergeInput, guard: Guard, old: Host): SshEndpoint {
  const way = guard.prove?.(server, parseContext([], old.via)) ?? {
    address: server.address,
    port: server.ssh.port,
    user: server.ssh.user,
  };
  return { ...way, host_keys: server.ssh.host_keys };
}

/** Null once a login has worked; else the last failure. */
async function firstSuccess(
  deps: Deps,
  { server }: ConvergeInput,
  endpoint: SshEndpoint,
  beat: Beat,
): Promise<Error | null> {
  let last = new Error('never tried');
  for (let i = 0; i < TRIES; i += 1) {
    if (i > 0) await deps.sleep(TRY_EVERY_MS, beat.signal);
    beat.say(`proving ${endpoint.user}@${endpoint.address}:${endpoint.port}\n`);
    const failure = await deps.hosts.prove(server, endpoint).then(
      () => null,
      (error: Error) => error,
    );
    if (failure === null) return null;
    beat.say(`not yet: ${failure.message}\n`);
    last = failure;
  }
  return last;
}

/** Asks the host to put the old state back at once; where we are cut off already, its own timer does. */
async function lockedOut(
  deps: Deps,
  input: ConvergeInput,
  old: Host,
  endpoint: SshEndpoint,
  failure: Error,
): Promise<ClincherError> {
  await rollBack(old, input.key);
  deps.hosts.drop(input.server);
  await reachable(deps, input);
  return reverted(input, endpoint, failure.message);
}

/** Best effort: a host that we cannot reach any more does it by itself within the guard's time. */
export async function rollBack(host: Host, key: string): Promise<void> {
  await host.script(revertNow(key), { timeoutMs: 10_000 }).catch(() => {});
}

async function reachable(deps: Deps, { server }: ConvergeInput): Promise<void> {
  const until = deps.now() + (GUARD_SECONDS + 60) * 1000;
  while (deps.now() < until) {
    const open = deps.hosts.open(server, new Meter());
    const answered = await open
      .then((host) => host.script('true'))
      .then(
        () => true,
        () => false,
      );
    if (answered) return;
    await deps.sleep(5_000);
  }
}

function reverted(
  { server, step }: ConvergeInput,
  { user, address, port }: SshEndpoint,
  why: string,
): ClincherError {
  const message = `${step} on ${server.name}: no login as ${user}@${address}:${port} after the change, so it was put back`;
  return new ClincherError('LOCKOUT_REVERTED', message, { evidence: [why] });
}
