// Fills in what steps plan with and no configuration holds: contents that were fetched, texts beside the code, public halves of keys.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyStep, SecretRef, Server } from '../model.js';
import { libraryOf } from '../pins/library.js';
import { projectRoot } from '../temporal/paths.js';
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
  const texts = new Set(wanted.flatMap(({ ships = [] }) => ships));
  if (contents.length + keys.size + texts.size === 0) return server;
  return {
    ...server,
    ...(contents.length > 0 ? { library: await libraryOf(pins, contents) } : {}),
    ...(texts.size > 0 ? { shipped: shippedTexts([...texts]) } : {}),
    ...(keys.size > 0 ? { publicKeys: await publicHalves(secrets, server, [...keys]) } : {}),
  };
}

/** The same in a checkout, in a package and in the worker's image. */
const shippedTexts = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, readFileSync(join(projectRoot(), name), 'utf8')]));

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
