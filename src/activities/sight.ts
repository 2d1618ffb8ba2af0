// Several machines look at one server: who sees it answer, who sees nothing, and who could not look.
import { webOf } from '../checks/facts.js';
import { type OutsideNow, outsideNow } from '../commands/outside.js';
import type { Server, Sighting } from '../model.js';
import type { SightInput } from './api-failover.js';
import type { Deps } from './deps.js';
import { Meter } from './host.js';
import { lookFromHere } from './outside-here.js';

const LOOK_MS = 40_000;

export const sight = (
  deps: Deps,
  { server, vantages }: SightInput,
  signal?: AbortSignal,
): Promise<Sighting[]> =>
  Promise.all([
    said('this control plane', lookFromHere(askOf(server), { name: 'worker' })),
    ...vantages.map((vantage) => said(vantage.name, lookFrom(deps, vantage, server, signal))),
  ]);

/** SSH answers admins alone, so a port that refuses has a host behind it all the same. */
const askOf = (server: Server) => ({
  address: server.address,
  ports: [server.ssh.port],
  web: webOf(server),
});

async function lookFrom(
  deps: Deps,
  vantage: Server,
  server: Server,
  signal: AbortSignal | undefined,
): Promise<OutsideNow> {
  const host = await deps.hosts.open(vantage, new Meter());
  const fact = outsideNow(askOf(server));
  const from = JSON.stringify({ name: vantage.name });
  const [reading] = await host.read([[...fact.read, from]], { timeoutMs: LOOK_MS, signal });
  return fact.parse(reading!);
}

/** A vantage that is away itself is no witness. */
const said = (from: string, look: Promise<OutsideNow>): Promise<Sighting> =>
  look.then(
    (now) => ({ from, ...seen(now) }),
    (error: Error) => ({ from, sees: 'unknown', what: `could not look: ${error.message}` }),
  );

/** Where there is a web address, what counts is whether the gateway’s door answers; a host without it is down for people. */
function seen({ ports, anonymous }: OutsideNow): Omit<Sighting, 'from'> {
  const [port, knocked = 'silent'] = Object.entries(ports)[0] ?? [];
  const host = knocked === 'silent' ? `SSH at ${port} is silent` : `SSH at ${port} is ${knocked}`;
  if (anonymous === undefined) return { sees: knocked === 'silent' ? 'silent' : 'answers', what: host };
  if ('error' in anonymous)
    return { sees: 'silent', what: `the gateway’s door: ${anonymous.error}; ${host}` };
  return { sees: 'answers', what: `the gateway’s door answers ${anonymous.status}` };
}
