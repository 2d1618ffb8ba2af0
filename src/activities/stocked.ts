// Fills in what steps plan with and no configuration holds: contents that were fetched, public halves of keys in the vault.
import type { AnyStep, SecretRef, Server } from '../model.js';
import { libraryOf } from '../pins/library.js';
import type { Deps } from './deps.js';
import { isWanted } from './evaluate.js';

/** A source that does not answer leaves its steps unknown, and only where the host does not already have what was read. */
export async function stocked(
  { pins, secrets }: Pick<Deps, 'pins' | 'secrets'>,
  server: Server,
  steps: readonly AnyStep[],
): Promise<Server> {
  const wanted = steps.filter((step) => isWanted(step, server));
  const contents = wanted.flatMap((step) => step.pins?.(server) ?? []);
  const keys = new Set(wanted.flatMap((step) => step.publicKeys?.(server) ?? []));
  if (contents.length === 0 && keys.size === 0) return server;
  return {
    ...server,
    ...(contents.length > 0 ? { library: await libraryOf(pins, contents) } : {}),
    ...(keys.size > 0 ? { publicKeys: await publicHalves(secrets, server, [...keys]) } : {}),
  };
}

/** A key that is not made yet has none: the run makes it before a step needs it. */
async function publicHalves(
  secrets: Deps['secrets'],
  server: Server,
  refs: readonly SecretRef[],
): Promise<Record<SecretRef, string>> {
  const missing = await secrets.missing(refs, server);
  const there = refs.filter((ref) => !missing.includes(ref));
  const halves = await Promise.all(there.map((ref) => secrets.publicKey(ref, server)));
  return Object.fromEntries(there.map((ref, i) => [ref, halves[i] ?? '']));
}
